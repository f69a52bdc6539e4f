/* Moves posts between days. <drag-day> is a board (carry-board.js) whose posts [data-post] lie in
   days [data-day]; what is in the tray [data-tray] can be dragged onto a day, and not back. */
import { CarryBoard } from "./carry-board.js";

const FOLDED = matchMedia("(max-width: 47.99rem)");
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export class DragDay extends CarryBoard {
  things = "[data-post]";

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener("toggle", () => this.catchUp(), true);
    FOLDED.addEventListener("change", this.onFold);
    this.openAtToday();
  }

  disconnectedCallback() {
    FOLDED.removeEventListener("change", this.onFold);
    super.disconnectedCallback();
  }

  onFold = () => this.arm();

  get board() {
    return this.querySelector("#calendar");
  }

  days() {
    return [...this.querySelectorAll("[data-day]")];
  }

  /** The days of the board take posts; a folded month has too few of them to aim at. */
  lists() {
    return this.form && this.carries ? [...this.querySelectorAll("[data-day], [data-tray]")] : [];
  }

  sorting(list) {
    return { group: { name: "posts", put: list.dataset.day !== undefined }, sort: false };
  }

  get carries() {
    return !FOLDED.matches && this.days().length > 0;
  }

  /** Nor under a word being typed. */
  get busy() {
    return super.busy || Boolean(this.querySelector(".in-place[open]"));
  }

  /** Send the held post to the day it is in now, unless that is where it was. */
  drop() {
    const { item, list } = this.held;
    const { day } = item.parentElement.dataset;
    if (!day || day === list.dataset.day) {
      this.leave();
      return;
    }
    this.prepare(item, day);
    this.submit(this.form);
  }

  prepare(item, day) {
    this.moving = item.dataset.post;
    this.form.elements.seen.value = item.querySelector("time")?.getAttribute("datetime") ?? "";
    this.form.elements.day.value = day;
  }

  /** Open the dialog that asks for a day. */
  ask(item) {
    const title = item.querySelector(".item__title, .clamp-2")?.textContent.trim() ?? "";
    this.prepare(item, item.closest("[data-day]")?.dataset.day ?? item.closest(".agenda__day")?.id.slice(4) ?? "");
    this.form.querySelector("[data-move-title]").textContent = title;
    this.dialog.showModal();
  }

  steps(item, { key }) {
    if (!(key in STEPS)) return false;
    const days = this.days();
    const at = days.indexOf(item.parentElement);
    const today = days.findIndex((day) => day.closest('[aria-current="date"]'));
    const to = at < 0 ? days[Math.max(today, 0)] : days[at + STEPS[key]];
    if (to) {
      to.append(item);
      this.arrived(item, to.getAttribute("aria-label"));
    }
    return true;
  }

  /** A folded month and a list open at today, where the style sheet alone cannot. */
  openAtToday() {
    if (location.hash || CSS.supports("scroll-initial-target", "nearest")) return;
    const today = this.querySelector('[aria-current="date"]');
    if (FOLDED.matches || today?.matches(".agenda__day")) today?.scrollIntoView();
  }
}

customElements.define("drag-day", DragDay);
