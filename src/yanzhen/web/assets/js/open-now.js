/* [data-open-now]: what is wider than its room opens where the present is, not at its beginning. */

function open(root) {
  for (const strip of root.querySelectorAll("[data-open-now]")) {
    const now = strip.querySelector("[data-now-line]");
    if (!now) continue;
    const from = strip.getBoundingClientRect().left + strip.clientWidth / 2;
    strip.scrollLeft += now.getBoundingClientRect().left - from;
  }
}

open(document);
document.addEventListener("htmx:afterSettle", ({ target }) => open(target));
