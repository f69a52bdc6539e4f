/* Offers the browser's own time zone in the select it holds, until somebody has chosen. */
class ZoneHere extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!select || !here || select.getAttribute("aria-invalid")) return;
    const untouched = select.value === (select.querySelector("[selected]")?.value ?? select.value);
    if (untouched && [...select.options].some((option) => option.value === here)) select.value = here;
  }
}
customElements.define("zone-here", ZoneHere);
