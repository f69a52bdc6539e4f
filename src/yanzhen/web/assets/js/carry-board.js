/* What the boards share on which things are moved. An element that extends it holds what is
   swapped (``board``), its things [data-movable] (``things``) and the form that moves
   ([data-move-form]). A thing is dragged, moved by keys ("m", arrows, Enter, Escape) or sent by the
   dialog behind its own button [data-move]; all three send that one form, and every answer is the
   board as it is now. What a refusal leaves out of place is put back here. */
import Sortable from "sortablejs";

const LETTING_GO = ["Enter", "Escape", "Tab"];

export class CarryBoard extends HTMLElement {
  connectedCallback() {
    this.sortables = [];
    this.held = null;
    this.keys = false;
    this.stale = false;
    this.form = this.querySelector("[data-move-form]");
    this.dialog = this.form?.closest("dialog");
    this.addEventListener("htmx:load", () => this.arm());
    this.addEventListener("htmx:beforeSwap", (event) => this.onSwap(event));
    this.addEventListener("click", (event) => this.onClick(event));
    this.hear(this.form);
    document.addEventListener("keydown", this.onKey, true);
    this.arm();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey, true);
    for (const sortable of this.sortables) sortable.destroy();
  }

  /* --- what a board says of itself -------------------------------------------------------- */

  /** The lists that take things from each other by dragging; none where dragging is its own. */
  lists() {
    return [];
  }

  /** What Sortable has to know of a list beyond what all share. */
  sorting(_list) {
    return {};
  }

  /** Whether things can be carried by keys as the board is drawn now; else the dialog asks. */
  get carries() {
    return true;
  }

  /** Nothing is swapped away under a hand. */
  get busy() {
    return Boolean(this.held);
  }

  /* --- dragging ----------------------------------------------------------------------------- */

  arm() {
    for (const sortable of this.sortables) sortable.destroy();
    this.sortables = this.lists().map((list) =>
      Sortable.create(list, {
        draggable: this.things,
        filter: (_event, item) => item?.dataset.movable === undefined,
        preventOnFilter: false,
        delay: 220,
        delayOnTouchOnly: true,
        touchStartThreshold: 5,
        forceFallback: true,
        fallbackOnBody: true,
        fallbackTolerance: 5,
        ghostClass: "is-ghost",
        fallbackClass: "is-lifted",
        onStart: ({ item }) => {
          this.hold(item);
          this.dataset.dragging = "";
        },
        onEnd: () => {
          delete this.dataset.dragging;
          this.drop();
        },
        ...this.sorting(list),
      }),
    );
  }

  hold(item) {
    this.held = { item, list: item.parentElement, next: item.nextElementSibling };
  }

  putBack() {
    const { item, list, next } = this.held ?? {};
    this.held = null;
    if (!item?.isConnected || !list.isConnected) return;
    item.removeAttribute("aria-busy");
    list.insertBefore(item, next?.parentElement === list ? next : null);
  }

  /** Leave everything as it was. */
  leave() {
    this.putBack();
    this.catchUp();
  }

  /* --- the form that moves ----------------------------------------------------------------- */

  /** Hear when a form is sent and what came of it. */
  hear(form) {
    form?.addEventListener("htmx:configRequest", (event) => this.onSend(event));
    form?.addEventListener("htmx:afterRequest", () => this.onAnswer());
  }

  /** Send a form for what is held, which waits where it was put. */
  submit(form) {
    this.held.item.setAttribute("aria-busy", "true");
    form.requestSubmit();
  }

  onSend({ detail }) {
    detail.path = detail.path.replace("/0/", `/${this.moving}/`);
    if (this.dialog.open) this.dialog.close();
    this.sending = true;
  }

  /** The board that came is the truth; when none came, what was moved goes back. */
  onAnswer() {
    this.sending = false;
    this.leave();
  }

  onClick(event) {
    const button = event.target.closest("[data-move]");
    if (button && this.form) {
      event.preventDefault();
      this.ask(button.closest(this.things));
    } else if (event.target.closest("[data-take]")) this.take();
  }

  /* --- keys ------------------------------------------------------------------------------- */

  /** The thing with the focus, else the one under the cursor. */
  chosen() {
    const focused = document.activeElement?.closest(this.things);
    return this.contains(focused) ? focused : this.querySelector(`:is(${this.things})[aria-current="true"]`);
  }

  take() {
    const item = this.chosen();
    if (item?.dataset.movable === undefined) this.say(this.dataset.pick, true);
    else if (!this.carries) this.ask(item);
    else {
      this.hold(item);
      this.keys = true;
      item.dataset.moving = "";
      item.querySelector("a").focus();
      this.say(this.dataset.how, true);
    }
  }

  onKey = (event) => {
    if (!this.keys) return;
    const { item } = this.held;
    if (LETTING_GO.includes(event.key)) this.release(item, event.key === "Enter");
    else if (!this.steps(item, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Keep what is carried in sight, and say where it is. */
  arrived(item, where) {
    item.querySelector("a").focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.say(where);
  }

  release(item, drops) {
    this.keys = false;
    delete item.dataset.moving;
    if (drops) {
      this.drop();
      return;
    }
    this.putBack();
    item.querySelector("a").focus();
    this.say(this.dataset.back);
    this.catchUp();
  }

  say(text, aloud = false) {
    const region = this.querySelector("[data-says]");
    if (region) region.textContent = text;
    if (aloud) document.dispatchEvent(new CustomEvent("toast", { detail: { text, level: "info" } }));
  }

  /* --- staying true ------------------------------------------------------------------------ */

  onSwap(event) {
    if (event.detail.requestConfig?.elt !== this.board || !(this.busy || this.sending)) return;
    event.detail.shouldSwap = false;
    this.stale = true;
  }

  catchUp() {
    if (!this.stale || this.busy || this.sending) return;
    this.stale = false;
    this.board.dispatchEvent(new CustomEvent("refresh"));
  }
}
