/* A cursor for lists: <list-cursor> around rows (items=".item" unless said otherwise).
   j and k move, Enter opens, x selects, Shift+x selects the range. The cursor is the focus,
   and it stays on its row when htmx swaps the list. Enter opens what is marked data-opens, or the
   row's link. Fires "cursor" on the row it reaches. */
import { keysAreFree } from "./keys.js";

class ListCursor extends HTMLElement {
  connectedCallback() {
    this.index = -1;
    this.anchor = -1;
    this.addEventListener("focusin", (event) => {
      const row = this.rows().findIndex((item) => item.contains(event.target));
      if (row >= 0) this.mark(row);
    });
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:afterSettle", this.onSettle);
    const given = this.rows().findIndex((row) => this.isCurrent(row));
    if (given >= 0) this.remember(given);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:afterSettle", this.onSettle);
  }

  rows() {
    return [...this.querySelectorAll(this.getAttribute("items") || ".item")].filter((row) => row.checkVisibility());
  }

  isCurrent(row) {
    return row.getAttribute("aria-current") === "true" || row.getAttribute("aria-selected") === "true";
  }

  onKey = (event) => {
    if (event.defaultPrevented || !keysAreFree(event) || !this.isMine()) return;
    if (document.querySelector("dialog:modal") !== this.closest("dialog")) return;
    const key = event.key.toLowerCase();
    const move = { j: 1, k: -1 }[key];
    if (move && !event.shiftKey) this.go(Math.max(0, Math.min(this.index + move, this.rows().length - 1)));
    else if (key === "x" && this.querySelector('input[type="checkbox"]')) this.select(event.shiftKey);
    else if (key === "enter") this.open(event);
    else return;
    if (key !== "enter") event.preventDefault();
  };

  /** The list that has the focus answers, or that of the focused scope; else the first on the page. */
  isMine() {
    const focused = document.activeElement;
    const list = focused?.closest("list-cursor") ?? focused?.closest("key-scope")?.querySelector("list-cursor");
    return (list ?? document.querySelector("list-cursor")) === this;
  }

  go(index) {
    const row = this.rows()[index];
    if (!row) return;
    this.mark(index);
    this.focusable(row)?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  mark(index) {
    const changed = index !== this.index;
    this.remember(index);
    this.rows().forEach((row, at) => {
      const name = row.getAttribute("role") === "option" ? "aria-selected" : "aria-current";
      if (at === index) row.setAttribute(name, "true");
      else if (name === "aria-selected") row.setAttribute(name, "false");
      else row.removeAttribute(name);
      if (row.hasAttribute("tabindex")) row.tabIndex = at === index ? 0 : -1;
    });
    if (changed) this.rows()[index]?.dispatchEvent(new CustomEvent("cursor", { bubbles: true }));
  }

  remember(index) {
    this.index = index;
    this.id_ = this.rows()[index]?.id || "";
  }

  focusable(row) {
    if (row.hasAttribute("tabindex")) return row;
    // Not in one selector: of several that match, the first in the row would be found, and Enter on
    // a box sends the form around it.
    return row.querySelector(".item__link, a[href], button") ?? row.querySelector("input[type=checkbox]");
  }

  open(event) {
    const row = this.rows()[this.index];
    if (!row || event.target !== row) return;
    (row.querySelector("[data-opens]") ?? row.querySelector(".item__link, a[href]"))?.click();
  }

  select(range) {
    const boxes = this.rows().map((row) => row.querySelector('input[type="checkbox"]'));
    const box = boxes[this.index];
    if (!box) return;
    box.click();
    if (range && this.anchor >= 0) {
      const [from, to] = [this.anchor, this.index].sort((a, b) => a - b);
      for (const other of boxes.slice(from, to + 1)) if (other && other.checked !== box.checked) other.click();
    }
    this.anchor = this.index;
  }

  onSettle = () => {
    if (this.index < 0 || !this.isConnected) return;
    const rows = this.rows();
    const same = this.id_ ? rows.findIndex((row) => row.id === this.id_) : -1;
    const index = same >= 0 ? same : Math.min(this.index, rows.length - 1);
    if (index < 0) return;
    this.mark(index);
    if (document.activeElement === document.body) this.focusable(rows[index])?.focus({ preventScroll: true });
  };
}

customElements.define("list-cursor", ListCursor);
