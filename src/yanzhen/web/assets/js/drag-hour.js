/* Moves posts and slots among the hours of a day or a week. <drag-hour> is a <drag-day> whose days
   ([data-hours]) have hours: what is dragged lands on a step of the clock, and keys move it by days
   and steps. A slot's lower edge ([data-edge]) is dragged, or moved with Shift, to make it longer.
   The same forms are sent, and the board that comes back is the truth. */
import { DragDay } from "./drag-day.js";

const DAY = 24 * 60;
const MOST = 12 * 60;
const SLACK = 5;
const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/** Write a minute of the day as clocks do: 09:05. */
function clock(minute) {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

class DragHour extends DragDay {
  things = "[data-post], [data-slot]";

  connectedCallback() {
    super.connectedCallback();
    this.slotForm = this.querySelector("[data-slot-form]");
    this.hear(this.slotForm);
    this.addEventListener("pointerdown", (event) => this.onPress(event));
    this.addEventListener("dragstart", (event) => event.preventDefault());
    this.showNow();
  }

  /** None: presses are heard wherever they fall. */
  lists() {
    return [];
  }

  get carries() {
    return true;
  }

  /** A day is taller than most windows: bring the present into sight, and move no more than that. */
  showNow() {
    if (location.hash) return;
    this.querySelector(".week__now")?.scrollIntoView({ block: "nearest" });
    // Where a week is wider than the window it opens with today beside the hours.
    const today = this.querySelector('[data-hours][aria-current="date"]');
    const scroll = this.querySelector(".week-scroll");
    const hours = this.querySelector(".week__hours");
    if (today && scroll && hours) scroll.scrollLeft = today.offsetLeft - hours.offsetWidth;
  }

  get grid() {
    return this.querySelector(".week");
  }

  get step() {
    return Number(this.grid.dataset.step);
  }

  columns() {
    return [...this.querySelectorAll("[data-hours]")];
  }

  /* --- geometry ---------------------------------------------------------------------------- */

  /** The minute of the day at a height of the page, on a step of the clock. */
  minuteAt(column, y) {
    const box = column.getBoundingClientRect();
    const first = Number(this.grid.dataset.first) * 60;
    const minute = first + ((y - box.top) / box.height) * (DAY - first);
    const step = this.step;
    return Math.min(Math.max(Math.round(minute / step) * step, 0), DAY - step);
  }

  /** Put an item where it would land. */
  place(item, column, minute) {
    const first = Number(this.grid.dataset.first) * 60;
    if (item.parentElement !== column) column.append(item);
    item.style.setProperty("--at", String((minute - first) / (DAY - first)));
    item.style.setProperty("--lane", "0");
    item.style.setProperty("--lanes", "1");
    this.target = { day: column.dataset.hours, minute };
    const time = item.querySelector("time");
    if (time && !time.hidden) time.textContent = clock(minute);
  }

  stretch(item, minutes) {
    const first = Number(this.grid.dataset.first) * 60;
    this.minutes = Math.min(Math.max(minutes, 0), MOST);
    item.style.setProperty("--length", String(Math.max(this.minutes, this.step) / (DAY - first)));
  }

  /** When an item begins, in minutes of its day, as the page shows it. */
  minuteOf(item) {
    const shown = /^(\d\d):(\d\d)/.exec(item.querySelector("time")?.textContent.trim() ?? "");
    return shown ? Number(shown[1]) * 60 + Number(shown[2]) : 10 * 60;
  }

  /* --- the pointer ------------------------------------------------------------------------- */

  onPress(event) {
    const item = event.target.closest("[data-movable]");
    if (!item || !this.form || this.keys || this.sending || event.button !== 0) return;
    if (event.target.closest("[data-move]") || event.pointerType === "touch") return;
    const start = { x: event.clientX, y: event.clientY };
    const edge = Boolean(event.target.closest("[data-edge]"));
    const grip = item.closest("[data-hours]") ? event.clientY - item.getBoundingClientRect().top : 0;
    const drag = { item, edge, grip, moved: false };
    const move = (next) => {
      if (!drag.moved && Math.hypot(next.clientX - start.x, next.clientY - start.y) < SLACK) return;
      if (!drag.moved) this.lift(drag);
      next.preventDefault();
      this.follow(drag, next);
    };
    const end = (next) => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      if (drag.moved) this.land(item, next.type === "pointerup");
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  }

  lift(drag) {
    drag.moved = true;
    this.hold(drag.item);
    this.dataset.dragging = "";
    drag.item.dataset.lifted = "";
    setTimeout(() => getSelection()?.removeAllRanges());
  }

  follow({ item, edge, grip }, event) {
    if (edge) {
      const column = item.closest("[data-hours]");
      this.target = { day: column.dataset.hours, minute: this.minuteOf(item) };
      this.stretch(item, this.minuteAt(column, event.clientY) - this.target.minute);
      return;
    }
    const column = this.columns().find((each) => {
      const box = each.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    });
    const box = column?.getBoundingClientRect();
    if (!box || event.clientY < box.top || event.clientY > box.bottom) return;
    const slot = this.slotUnder(item, column, event);
    if (slot) this.fill(item, column, slot);
    else this.place(item, column, this.minuteAt(column, event.clientY - grip));
  }

  /** Put a post where the slot takes it, which the page has told: a span that has begun takes it later. */
  fill(item, column, slot) {
    const [day, time] = slot.dataset.takes.split(" ");
    const [hours, minutes] = time.split(":").map(Number);
    this.place(item, column, hours * 60 + minutes);
    this.target.day = day;
  }

  /** A post that is let go over an empty slot of its account takes the time of that. */
  slotUnder(item, column, event) {
    if (item.dataset.post === undefined) return null;
    const { account } = item.dataset;
    return [...column.querySelectorAll(`[data-slot][data-account="${account}"]`)].find((slot) => {
      const box = slot.getBoundingClientRect();
      return event.clientY >= box.top && event.clientY < box.bottom && event.clientX >= box.left && event.clientX < box.right;
    });
  }

  land(item, drops) {
    // The click that ends a drag must not open what was dragged; it comes at once or not at all.
    const still = (event) => event.preventDefault();
    addEventListener("click", still, true);
    setTimeout(() => removeEventListener("click", still, true));
    delete this.dataset.dragging;
    delete item.dataset.lifted;
    if (drops) this.drop();
    else this.putBack();
  }

  hold(item) {
    super.hold(item);
    this.held.style = item.getAttribute("style");
    this.held.time = item.querySelector("time")?.textContent ?? "";
    this.target = null;
    this.minutes = item.dataset.slot === undefined ? null : Number(item.dataset.minutes);
  }

  putBack() {
    const { item, style, time } = this.held ?? {};
    if (item?.isConnected) {
      if (style === null) item.removeAttribute("style");
      else item.setAttribute("style", style);
      const shown = item.querySelector("time");
      if (shown && !shown.hidden) shown.textContent = time;
    }
    super.putBack();
  }

  /** Send what is held to where it is now. */
  drop() {
    const { item } = this.held;
    if (!this.target) {
      this.leave();
      return;
    }
    const { day, minute } = this.target;
    const slot = item.dataset.slot !== undefined;
    const form = slot ? this.slotForm : this.form;
    this.moving = slot ? item.dataset.slot : item.dataset.post;
    form.elements.day.value = day;
    form.elements.time.value = clock(minute);
    if (slot) {
      form.elements.minutes.value = String(this.minutes);
      form.elements.seen.value = item.dataset.seen;
    } else form.elements.seen.value = item.querySelector("time").getAttribute("datetime");
    this.submit(form);
  }

  /* --- keys ------------------------------------------------------------------------------- */

  /** Open the dialog with the day and the hour as they are. */
  ask(item) {
    super.ask(item);
    this.form.elements.day.value = item.closest("[data-hours]")?.dataset.hours ?? this.columns()[0].dataset.hours;
    this.form.elements.time.value = clock(this.minuteOf(item));
  }

  steps(item, event) {
    if (!KEYS.includes(event.key)) return false;
    this.stepBy(item, event);
    return true;
  }

  stepBy(item, { key, shiftKey }) {
    const columns = this.columns();
    const at = columns.indexOf(item.parentElement);
    const down = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
    const across = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    const minute = this.target?.minute ?? this.minuteOf(item);
    if (shiftKey && down && this.minutes !== null && at >= 0) {
      this.target = { day: columns[at].dataset.hours, minute };
      this.stretch(item, this.minutes + down * this.step);
      this.say(`${clock(minute)}–${clock(Math.min(minute + this.minutes, DAY - 1))}`);
      return;
    }
    const today = columns.findIndex((column) => column.matches('[aria-current="date"]'));
    const column = at < 0 ? columns[Math.max(today, 0)] : columns[at + across];
    if (!column) return;
    const rounded = Math.round(minute / this.step) * this.step;
    const next = minute + down * this.step === rounded ? rounded : down ? rounded + down * this.step : minute;
    this.place(item, column, Math.min(Math.max(next, 0), DAY - this.step));
    this.arrived(item, `${column.getAttribute("aria-label")}, ${clock(this.target.minute)}`);
  }
}

customElements.define("drag-hour", DragHour);
