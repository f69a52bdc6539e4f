/* <pick-many> around a form with check boxes: counts what is chosen ([data-chosen]), chooses all
   ([data-all]), and with Shift the range between two clicks. Choosing works without it. */

class PickMany extends HTMLElement {
  connectedCallback() {
    this.all = this.querySelector("[data-all]");
    this.count = this.querySelector("[data-chosen]");
    this.last = -1;
    if (this.all) this.all.hidden = false;
    if (this.count) this.count.hidden = false;
    this.addEventListener("click", this.onClick);
    this.addEventListener("change", this.onChange);
    this.tell();
  }

  boxes() {
    return [...this.querySelectorAll('list-cursor input[type="checkbox"]')];
  }

  onClick = (event) => {
    const boxes = this.boxes();
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && this.last >= 0) {
      const [from, to] = [this.last, at].sort((a, b) => a - b);
      for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
    }
    this.last = at;
  };

  onChange = (event) => {
    if (this.all?.contains(event.target)) for (const box of this.boxes()) box.checked = event.target.checked;
    this.tell();
  };

  tell() {
    const boxes = this.boxes();
    const chosen = boxes.filter((box) => box.checked).length;
    if (this.count) this.count.textContent = chosen;
    const all = this.all?.querySelector("input");
    if (!all) return;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

customElements.define("pick-many", PickMany);
