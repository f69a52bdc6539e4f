/* Moves tasks over the board. <task-board> holds what is swapped (#tasks) with its cards
   [data-movable], its columns [data-column] and the form that moves. A card is dragged, moved by
   keys ("m", arrows, Enter, Escape) or sent by the dialog behind its own button; all three send
   that one form. Left and right lead the cursor from column to column while nothing is held. */
import Sortable from "sortablejs";

const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const UPDOWN = { ArrowUp: -1, ArrowDown: 1 };

class TaskBoard extends HTMLElement {
  connectedCallback() {
    this.sortables = [];
    this.held = null;
    this.keys = false;
    this.stale = false;
    this.form = this.querySelector("[data-move-form]");
    this.dialog = this.form.closest("dialog");
    this.addEventListener("htmx:load", () => this.arm());
    this.addEventListener("htmx:beforeSwap", (event) => this.onSwap(event));
    this.addEventListener("click", (event) => this.onClick(event));
    this.form.addEventListener("htmx:configRequest", (event) => this.onSend(event));
    this.form.addEventListener("htmx:afterRequest", () => this.onAnswer());
    document.addEventListener("keydown", this.onKey, true);
    this.arm();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey, true);
    for (const sortable of this.sortables) sortable.destroy();
  }

  get board() {
    return this.querySelector("#tasks");
  }

  /** The columns of the lane an element is in. */
  columns(element) {
    return [...element.closest(".lane").querySelectorAll("[data-column]")];
  }

  arm = () => {
    for (const sortable of this.sortables) sortable.destroy();
    this.sortables = [...this.querySelectorAll("[data-column]")].map((list) =>
      Sortable.create(list, {
        // A lane says what a task is; only its columns can be changed by moving it.
        group: { name: `lane-${[...this.querySelectorAll(".lane")].indexOf(list.closest(".lane"))}` },
        draggable: "[data-task]",
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
      }),
    );
  };

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

  /** Send the held task to where it is now, unless it never left. */
  drop() {
    const { item, list, next } = this.held;
    if (item.parentElement === list && item.nextElementSibling === next) {
      this.putBack();
      this.catchUp();
      return;
    }
    item.setAttribute("aria-busy", "true");
    this.prepare(item, item.parentElement.dataset.column, item.nextElementSibling?.dataset.task ?? "");
    this.form.requestSubmit();
  }

  /** ``before`` is the task to stand above, "" for the end of the column; undefined for its top. */
  prepare(item, column, before) {
    const fields = this.form.elements;
    this.moving = item.dataset.task;
    fields.seen.value = item.dataset.seen;
    fields.column.value = column;
    fields.before.value = before ?? "";
    fields.end.value = before === "" ? "1" : "";
  }

  onSend({ detail }) {
    detail.path = detail.path.replace("/0/", `/${this.moving}/`) + location.search;
    if (this.dialog.open) this.dialog.close();
    this.sending = true;
  }

  /** The board that came is the truth; when none came, what was moved goes back. */
  onAnswer() {
    this.sending = false;
    this.putBack();
    this.catchUp();
  }

  /* --- keys ------------------------------------------------------------------------------- */

  onClick(event) {
    const button = event.target.closest("[data-move]");
    if (button) {
      event.preventDefault();
      this.ask(button.closest("[data-task]"));
    } else if (event.target.closest("[data-take]")) this.take();
  }

  /** Open the dialog that asks for a column. */
  ask(item) {
    this.prepare(item, item.parentElement.dataset.column, undefined);
    this.form.querySelector("[data-move-title]").textContent = item.querySelector(".item__title").textContent.trim();
    this.dialog.showModal();
  }

  current() {
    const focused = document.activeElement?.closest("[data-task]");
    return this.contains(focused) ? focused : this.querySelector('[data-task][aria-current="true"]');
  }

  /** Pick up the task with the focus, else the one under the cursor. */
  take() {
    const item = this.current();
    if (item?.dataset.movable === undefined) {
      this.say(this.dataset.pick, true);
      return;
    }
    this.hold(item);
    this.keys = true;
    item.dataset.moving = "";
    item.querySelector("a").focus();
    this.say(this.dataset.how, true);
  }

  onKey = (event) => {
    if (!this.keys) {
      this.onWalk(event);
      return;
    }
    const { item } = this.held;
    if (event.key in SIDEWAYS) this.sideways(item, SIDEWAYS[event.key]);
    else if (event.key in UPDOWN) this.upDown(item, UPDOWN[event.key]);
    else if (["Enter", "Escape", "Tab"].includes(event.key)) this.release(item, event.key === "Enter");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Lead the cursor to the next column that holds a card. */
  onWalk(event) {
    const by = SIDEWAYS[event.key];
    const chord = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    const item = by && !chord ? event.target.closest?.("[data-task]") : null;
    if (!item || !this.contains(item) || !item.closest("[data-column]")) return;
    const columns = this.columns(item);
    const place = [...item.parentElement.children].indexOf(item);
    for (let at = columns.indexOf(item.parentElement) + by; columns[at]; at += by) {
      const cards = columns[at].querySelectorAll("[data-task]");
      const to = cards[Math.min(place, cards.length - 1)];
      if (!to) continue;
      event.preventDefault();
      to.querySelector("a").focus({ preventScroll: true });
      to.scrollIntoView({ block: "nearest", inline: "nearest" });
      return;
    }
  }

  sideways(item, by) {
    const columns = this.columns(item);
    const to = columns[columns.indexOf(item.parentElement) + by];
    if (!to) return;
    to.prepend(item);
    this.arrived(item, to.getAttribute("aria-label"));
  }

  upDown(item, by) {
    const beside = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!beside) return;
    if (by < 0) beside.before(item);
    else beside.after(item);
    this.arrived(item, String([...item.parentElement.children].indexOf(item) + 1));
  }

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
    this.querySelector("[data-says]").textContent = text;
    if (aloud) document.dispatchEvent(new CustomEvent("toast", { detail: { text, level: "info" } }));
  }

  /* --- staying true ------------------------------------------------------------------------ */

  /** Nothing is swapped away under a hand. */
  onSwap(event) {
    if (event.detail.requestConfig?.elt !== this.board || !(this.held || this.sending)) return;
    event.detail.shouldSwap = false;
    this.stale = true;
  }

  catchUp() {
    if (!this.stale || this.held || this.sending) return;
    this.stale = false;
    this.board.dispatchEvent(new CustomEvent("refresh"));
  }
}

customElements.define("task-board", TaskBoard);
