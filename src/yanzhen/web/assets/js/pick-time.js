/* Fills a time into the form around it; without it the links open the form with that time. */

class PickTime extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent(event) {
    const link = event.target.closest("a[data-time]");
    const form = this.closest("form");
    if (!link || !form || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { date, time, zone } = form.elements;
    date.value = link.dataset.day;
    time.value = link.dataset.time;
    if (zone) zone.value = this.dataset.zone;
    for (const field of [date, time, zone]) field?.dispatchEvent(new Event("change", { bubbles: true }));
    const fold = this.closest("details");
    if (fold) fold.open = true;
    time.focus();
  }
}

customElements.define("pick-time", PickTime);
