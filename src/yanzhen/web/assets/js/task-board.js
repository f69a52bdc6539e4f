/* Moves tasks over the board. <task-board> is a board (carry-board.js) whose cards [data-task] lie
   in columns [data-column], in an order of their own. Left and right lead the cursor from column to
   column while nothing is held. */
import { CarryBoard } from "./carry-board.js";

const SIDEWAYS = { ArrowLeft: -1, ArrowRight: 1 };
const UPDOWN = { ArrowUp: -1, ArrowDown: 1 };

class TaskBoard extends CarryBoard {
  things = "[data-task]";

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("keydown", this.onWalk, true);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onWalk, true);
    super.disconnectedCallback();
  }

  get board() {
    return this.querySelector("#tasks");
  }

  /** The columns of the lane an element is in. */
  columns(element) {
    return [...element.closest(".lane").querySelectorAll("[data-column]")];
  }

  lists() {
    return [...this.querySelectorAll("[data-column]")];
  }

  /** A lane says what a task is; only its columns can be changed by moving it. */
  sorting(list) {
    const lanes = [...this.querySelectorAll(".lane")];
    return { group: { name: `lane-${lanes.indexOf(list.closest(".lane"))}` } };
  }

  /** Send the held task to where it is now, unless it never left. */
  drop() {
    const { item, list, next } = this.held;
    if (item.parentElement === list && item.nextElementSibling === next) {
      this.leave();
      return;
    }
    this.prepare(item, item.parentElement.dataset.column, item.nextElementSibling?.dataset.task ?? "");
    this.submit(this.form);
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

  /** The board that comes back shows what is filtered here. */
  onSend(event) {
    super.onSend(event);
    event.detail.path += location.search;
  }

  /** Open the dialog that asks for a column. */
  ask(item) {
    this.prepare(item, item.parentElement.dataset.column, undefined);
    this.form.querySelector("[data-move-title]").textContent = item.querySelector(".item__title").textContent.trim();
    this.dialog.showModal();
  }

  /** Lead the cursor to the next column that holds a card. */
  onWalk = (event) => {
    if (this.keys) return;
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
  };

  steps(item, { key }) {
    if (key in SIDEWAYS) this.sideways(item, SIDEWAYS[key]);
    else if (key in UPDOWN) this.upDown(item, UPDOWN[key]);
    else return false;
    return true;
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
}

customElements.define("task-board", TaskBoard);
