// Renews the page while somebody looks at it, and marks what is new.
const PAUSE_MS = 800;
let tag = "";

async function renew() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  if (!answer.ok) return;
  tag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const main = document.querySelector("main");
  if (!fresh || !main || fresh.innerHTML === main.innerHTML) return;
  for (const article of fresh.querySelectorAll("article")) {
    if (!document.getElementById(article.id)) article.classList.add("fresh");
  }
  // A video that plays is carried over, not drawn again.
  for (const video of main.querySelectorAll("article .pictures:has(video)")) {
    fresh.querySelector(`#${CSS.escape(video.closest("article").id)} .pictures`)?.replaceWith(video);
  }
  const focused = document.activeElement?.getAttribute("href");
  main.replaceChildren(...fresh.childNodes);
  if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

async function keepRenewing() {
  try {
    await renew();
  } catch {
    // The server is away; the next round tries again.
  }
  setTimeout(keepRenewing, PAUSE_MS);
}

setTimeout(keepRenewing, PAUSE_MS);
