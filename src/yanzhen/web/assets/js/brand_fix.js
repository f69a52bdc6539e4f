/* <button data-fix="2" data-from="3" data-to="9" data-old="unique" data-new="rare">: puts new words in
   place of a passage of the second post, as if they had been typed, so that Ctrl Z takes them back.
   <a data-go="2" data-from="3" data-to="9"> selects the passage. Places count code points. */
import { said } from "./said.js";

/** Where a place in code points lies in a string's own units. */
function unit(text, point) {
  return [...text].slice(0, point).join("").length;
}

/** The field of a post of the thread, by its number. */
function fieldOf(number) {
  const editor = document.querySelector("thread-editor");
  const item = editor?.items()[Number(number) - 1];
  return item && editor.fieldOf(item);
}

/** Where the passage stands now: at its place, else where the words stand nearest to it. */
function placeOf(text, { from, to, old }) {
  const start = unit(text, Number(from));
  const end = unit(text, Number(to));
  if (old === undefined || text.slice(start, end) === old) return [start, end];
  const before = text.lastIndexOf(old, start);
  const after = text.indexOf(old, start);
  const near = before < 0 || (after >= 0 && after - start < start - before) ? after : before;
  return near < 0 ? null : [near, near + old.length];
}

function fix(button) {
  const field = fieldOf(button.dataset.fix);
  const place = field && placeOf(field.value, button.dataset);
  // Used up: the key goes on to the next one, and the list is fetched again once this is saved.
  button.disabled = true;
  button.removeAttribute("data-key");
  if (!place) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.no_longer, level: "info" } }));
    return;
  }
  field.focus();
  field.setSelectionRange(...place);
  // The one way to write into a field that its own undo knows of; where it fails, write anyway.
  if (!document.execCommand("insertText", false, button.dataset.new)) {
    field.setRangeText(button.dataset.new, ...place, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fix]");
  if (button) fix(button);
  const link = event.target.closest("[data-go][data-from]");
  const field = link && fieldOf(link.dataset.go);
  const place = field && placeOf(field.value, { from: link.dataset.from, to: link.dataset.to });
  // After the link itself has brought the post into view.
  if (place) setTimeout(() => field.setSelectionRange(...place));
});
