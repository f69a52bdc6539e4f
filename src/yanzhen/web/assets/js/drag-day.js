/* Moves posts between days. <drag-day> holds the board (#calendar) with its posts [data-movable],
   its days [data-day] and the form that moves. A post is dragged, moved by keys ("m", arrows,
   Enter, Escape) or sent by the dialog behind its own button; all three send that one form, and
   every answer is the board as it is now. What a refusal leaves out of place is put back here. */
import Sortable from "sortablejs";

const FOLDED = matchMedia("(max-width: 47.99rem)");
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export class DragDay extends HTMLElement {
  connectedCallback() {
    this.sortables = [];
    this.held = null;
    this.keys = false;
    this.stale = false;
    this.form = this.querySelector("[data-move-form]");
    this.dialog = this.form?.closest("dialog");
    this.addEventListener("htmx:load", () => this.arm());
    this.addEventListener("htmx:beforeSwap", (event) => this.onSwap(event));
    this.addEventListener("toggle", () => this.catchUp(), true);
    this.addEventListener("click", (event) => this.onClick(event));
    this.form?.addEventListener("htmx:configRequest", (event) => this.onSend(event));
    this.form?.addEventListener("htmx:afterRequest", () => this.onAnswer());
    FOLDED.addEventListener("change", this.arm);
    document.addEventListener("keydown", this.onKey, true);
    this.arm();
    this.openAtToday();
  }

  disconnectedCallback() {
    FOLDED.removeEventListener("change", this.arm);
    document.removeEventListener("keydown", this.onKey, true);
    for (const sortable of this.sortables) sortable.destroy();
  }

  get board() {
    return this.querySelector("#calendar");
  }

  days() {
    return [...this.querySelectorAll("[data-day]")];
  }

  /** Make the days of the board take posts; a folded month has too few of them to aim at. */
  arm = () => {
    for (const sortable of this.sortables) sortable.destroy();
    const lists = this.form && !FOLDED.matches && this.days().length ? this.querySelectorAll("[data-day], [data-tray]") : [];
    this.sortables = [...lists].map((list) =>
      Sortable.create(list, {
        group: { name: "posts", put: list.dataset.day !== undefined },
        draggable: "[data-post]",
        filter: (_event, item) => item?.dataset.movable === undefined,
        preventOnFilter: false,
        sort: false,
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
        onEnd: ({ to }) => {
          delete this.dataset.dragging;
          this.drop(to.dataset.day);
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

  /** Send the held post to a day, unless it is there already. */
  drop(day) {
    const { item, list } = this.held;
    if (!day || day === list.dataset.day) {
      this.putBack();
      this.catchUp();
      return;
    }
    item.setAttribute("aria-busy", "true");
    this.send(item, day);
  }

  send(item, day) {
    this.prepare(item, day);
    this.form.requestSubmit();
  }

  prepare(item, day) {
    this.moving = item.dataset.post;
    this.form.elements.seen.value = item.querySelector("time")?.getAttribute("datetime") ?? "";
    this.form.elements.day.value = day;
  }

  onSend({ detail }) {
    detail.path = detail.path.replace("/0/", `/${this.moving}/`);
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
    if (button && this.form) {
      event.preventDefault();
      this.ask(button.closest("[data-post]"));
    } else if (event.target.closest("[data-take]")) this.take();
  }

  /** Open the dialog that asks for a day. */
  ask(item) {
    const title = item.querySelector(".item__title, .clamp-2")?.textContent.trim() ?? "";
    this.prepare(item, item.closest("[data-day]")?.dataset.day ?? item.closest(".agenda__day")?.id.slice(4) ?? "");
    this.form.querySelector("[data-move-title]").textContent = title;
    this.dialog.showModal();
  }

  /** Pick up the post with the focus, else the one under the cursor. */
  take() {
    const focused = document.activeElement?.closest("[data-post]");
    const item = this.contains(focused) ? focused : this.querySelector('[data-post][aria-current="true"]');
    if (item?.dataset.movable === undefined) {
      this.say(this.dataset.pick, true);
    } else if (FOLDED.matches || !this.days().length) {
      this.ask(item);
    } else {
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
    if (event.key in STEPS) this.step(item, STEPS[event.key]);
    else if (event.key === "Enter" || event.key === "Escape" || event.key === "Tab") this.release(item, event.key === "Enter");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  step(item, by) {
    const days = this.days();
    const at = days.indexOf(item.parentElement);
    const today = days.findIndex((day) => day.closest('[aria-current="date"]'));
    const to = at < 0 ? days[Math.max(today, 0)] : days[at + by];
    if (!to) return;
    to.append(item);
    item.querySelector("a").focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    this.say(to.getAttribute("aria-label"));
  }

  release(item, drops) {
    this.keys = false;
    delete item.dataset.moving;
    if (drops) {
      this.drop(item.parentElement.dataset.day);
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

  /** Nothing is swapped away under a hand or under a word being typed. */
  get busy() {
    return Boolean(this.held) || Boolean(this.querySelector(".in-place[open]"));
  }

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

  /** A folded month and a list open at today, where the style sheet alone cannot. */
  openAtToday() {
    if (location.hash || CSS.supports("scroll-initial-target", "nearest")) return;
    const today = this.querySelector('[aria-current="date"]');
    if (FOLDED.matches || today?.matches(".agenda__day")) today?.scrollIntoView();
  }
}

customElements.define("drag-day", DragDay);
