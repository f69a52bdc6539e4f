/* Chooses posts on the calendar. <pick-posts> holds the board, which is swapped again and again:
   what is chosen is kept here and ticked anew. Ctrl or Shift and a click, Space on a post, x (the
   list's cursor) and Shift with an arrow choose; [data-choose] shows every box, and then a plain
   click chooses too. Without it the boxes of the list and those reached by Tab choose as well. */

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

class PickPosts extends HTMLElement {
  connectedCallback() {
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.last = null;
    this.chosen = new Set(this.boxes().filter((box) => box.checked).map((box) => box.value));
    this.toggleButton = document.querySelector("[data-choose]");
    this.toggleButton?.addEventListener("click", () => this.choose(this.dataset.choosing === undefined), { signal });
    for (const link of document.querySelectorAll("[data-on-day]")) link.addEventListener("click", () => this.aim(link), { signal });
    this.addEventListener("click", (event) => this.onClick(event), { signal, capture: true });
    this.addEventListener("mousedown", (event) => this.onPress(event), { signal });
    this.addEventListener("change", (event) => this.onChange(event), { signal });
    this.addEventListener("keydown", (event) => this.onKey(event), { signal });
    this.addEventListener("htmx:afterSettle", () => this.tickAnew(), { signal });
    this.tell();
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  boxes() {
    return [...this.querySelectorAll('[data-post] input[name="post"]')];
  }

  boxOf(element) {
    return element?.closest("[data-post]")?.querySelector('input[name="post"]');
  }

  get all() {
    return this.querySelector("[data-all] input");
  }

  /* --- the pointer ------------------------------------------------------------------------- */

  onClick(event) {
    if (event.target.closest("[data-clear]")) {
      this.choose(false);
      return;
    }
    const box = this.boxOf(event.target);
    if (!box || event.target.closest("[data-move]")) return;
    const own = event.target.closest(".cal-pick");
    if (own && event.target !== box) return;
    if (!own && !(event.ctrlKey || event.metaKey || event.shiftKey || this.dataset.choosing !== undefined)) return;
    if (!own) {
      event.preventDefault();
      event.stopPropagation();
      box.checked = event.shiftKey || !box.checked;
    }
    if (event.shiftKey) this.range(box);
    this.last = box.value;
    if (!own) this.take();
  }

  /** Shift and a click would mark the words between. */
  onPress(event) {
    if (event.shiftKey && this.boxOf(event.target)) event.preventDefault();
  }

  /** Make all between the last box and this one as this one is. */
  range(box) {
    const boxes = this.boxes();
    const from = boxes.findIndex((each) => each.value === this.last);
    if (from < 0) return;
    const [first, end] = [from, boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(first, end + 1)) each.checked = box.checked;
  }

  onChange(event) {
    if (event.target === this.all) for (const box of this.boxes()) box.checked = event.target.checked;
    else if (event.target.name !== "post") return;
    this.take();
  }

  /* --- keys -------------------------------------------------------------------------------- */

  onKey(event) {
    const link = event.target.closest("[data-post] a, [data-post] input");
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !link) return;
    if (event.key === " " && link.matches("a:not([data-move])")) {
      const box = this.boxOf(link);
      box.checked = !box.checked;
      this.last = box.value;
    } else if (event.shiftKey && event.key in STEPS) this.extend(this.boxOf(link), STEPS[event.key]);
    else return;
    event.preventDefault();
    this.take();
  }

  /** Go to the post before or after; what is left on the way back is no longer chosen. */
  extend(box, by) {
    const boxes = this.boxes();
    const at = boxes.indexOf(box);
    const next = boxes[at + by];
    if (!next) return;
    // One way goes on from where the last step led; from anywhere else another begins.
    if (!box.checked || this.led !== box.value) this.anchor = box.value;
    this.led = next.value;
    const anchor = boxes.findIndex((each) => each.value === this.anchor);
    const back = anchor >= 0 && Math.abs(at + by - anchor) < Math.abs(at - anchor);
    box.checked = !back;
    next.checked = true;
    const item = next.closest("[data-post]");
    item.querySelector("a").focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Make a link that begins something lead to the day with the focus. */
  aim(link) {
    const at = document.activeElement;
    const day =
      at?.closest("[data-hours]")?.dataset.hours ??
      at?.closest(".day, .agenda__day")?.querySelector("[data-day]")?.dataset.day ??
      at?.closest(".agenda__day")?.id.slice(4);
    if (day) link.search = `?day=${day}`;
  }

  /* --- what is chosen ---------------------------------------------------------------------- */

  /** Begin to choose by plain clicks, or end it and choose nothing. */
  choose(on) {
    this.toggleAttribute("data-choosing", on);
    if (!on) {
      // The button that clears goes away with the bar; the focus must not be lost with it.
      const left = this.contains(document.activeElement) && !document.activeElement.closest("[data-post]");
      for (const box of this.boxes()) box.checked = false;
      if (left) (this.querySelector('[data-post][aria-current="true"] a') ?? this.toggleButton)?.focus();
    }
    this.take();
  }

  take() {
    const before = this.chosen.size;
    this.chosen = new Set(this.boxes().filter((box) => box.checked).map((box) => box.value));
    this.tell();
    if (before || this.chosen.size) this.say();
  }

  /** The board that came knows nothing of choices; what is not on it any more is not chosen. */
  tickAnew() {
    for (const box of this.boxes()) box.checked = this.chosen.has(box.value);
    this.chosen = new Set(this.boxes().filter((box) => box.checked).map((box) => box.value));
    this.tell();
  }

  tell() {
    const { size } = this.chosen;
    for (const place of this.querySelectorAll("[data-chosen]")) {
      place.textContent = size;
      place.hidden = false;
    }
    for (const part of this.querySelectorAll("[data-needs-js]")) part.hidden = false;
    this.toggleButton?.setAttribute("aria-pressed", String(this.dataset.choosing !== undefined));
    if (!this.all) return;
    this.all.checked = size > 0 && size === this.boxes().length;
    this.all.indeterminate = size > 0 && !this.all.checked;
  }

  say() {
    const { size } = this.chosen;
    const words = size === 0 ? this.dataset.none : size === 1 ? this.dataset.one : this.dataset.many;
    this.querySelector("[data-tells]").textContent = words.replace("0", size);
  }
}

customElements.define("pick-posts", PickPosts);
