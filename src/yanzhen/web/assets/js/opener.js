/* Opens dialogs, and shows what only makes sense with scripts.
   <button data-open="id">; <button data-close>; data-needs-js is hidden until now. */

function reveal(root) {
  for (const element of root.querySelectorAll("[data-needs-js]")) element.hidden = false;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      if (!dialog.open) dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
});

/* A click on the backdrop lands on the dialog itself. */
document.addEventListener("pointerdown", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || dialog.dataset.stay !== undefined) return;
  const box = dialog.getBoundingClientRect();
  const inside =
    event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});

/* A dialog whose form was answered well closes itself. */
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful && detail.elt.matches?.("dialog form")) detail.elt.closest("dialog").close();
});

reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
