/* Asks before words are lost: <form data-guard>. Clean again once submitted or told "saved". */

const dirty = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});

document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("saved", (event) => {
  for (const form of dirty) if (form.contains(event.target) || event.target === document.body) dirty.delete(form);
});

window.addEventListener("beforeunload", (event) => {
  const lost = [...dirty].some((form) => form.isConnected);
  if (lost) event.preventDefault();
});
