/* <drop-menu><details>: a list that hangs from a button. Opens and works without this; here it
   closes on Escape, on a click elsewhere and when the focus leaves, and arrows walk it. */

class DropMenu extends HTMLElement {
  connectedCallback() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.addEventListener("keydown", (event) => this.walk(event), { signal });
    /* A key presses the button without focusing it, and some browsers' mice do neither. */
    this.addEventListener("click", ({ target }) => target.closest("summary")?.focus(), { signal });
    this.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !this.contains(relatedTarget) && this.close(), { signal });
    document.addEventListener("pointerdown", ({ target }) => !this.contains(target) && this.close(), { signal });
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  get details() {
    return this.querySelector("details");
  }

  close() {
    this.details.open = false;
  }

  walk(event) {
    if (!this.details.open) return;
    const links = [...this.querySelectorAll("a, button")];
    const place = links.indexOf(document.activeElement);
    const steps = { ArrowDown: place + 1, ArrowUp: place < 0 ? -1 : place - 1, Home: 0, End: -1 };
    if (event.key === "Escape") {
      this.close();
      this.querySelector("summary").focus();
    } else if (event.key in steps) {
      links.at(steps[event.key] % links.length).focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
customElements.define("drop-menu", DropMenu);
