/* <button data-copy="id of a field" data-copied="Copied">: puts the field's text on the clipboard.
   Where the browser keeps that from pages without https, the text is selected for Ctrl+C. */

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return;
  }
  const word = button.querySelector("span:not(.icon)");
  const before = word.textContent;
  word.textContent = button.dataset.copied;
  setTimeout(() => (word.textContent = before), 2000);
});
