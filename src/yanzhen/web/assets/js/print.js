/* <button data-print>: opens the browser's print dialog, which saves PDFs as well. */

document.addEventListener("click", ({ target }) => target.closest("[data-print]") && window.print());
