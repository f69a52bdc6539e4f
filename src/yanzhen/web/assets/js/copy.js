/* data-copy="#id" puts the words of a field into the clipboard when the link is followed. Without
   scripts the field is there to copy from. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-copy]");
  const field = link && document.querySelector(link.dataset.copy);
  if (!field) return;
  field.select();
  navigator.clipboard?.writeText(field.value).catch(() => document.execCommand("copy"));
});
