/* <a data-copy-text="text">: puts the text on the clipboard while the link is followed. */
import { say } from "./htmx-setup.js";
import { said } from "./said.js";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy-text]");
  if (!link) return;
  try {
    await navigator.clipboard.writeText(link.dataset.copyText);
    say({ text: said.copied, level: "info" });
  } catch {
    /* The browser keeps its clipboard to itself: the words are on the page. */
  }
});
