/* <thread-editor> around the composer's form: one textarea to each post of the thread.
   Adds, removes (with a way back), moves by button, arrow key and drag, splits at the cursor, and
   offers to spread what is longer than a post. Fires "thread" on itself after every change. */
import Sortable from "sortablejs";
import { Attachments } from "./attachments.js";
import { ending } from "./ending.js";
import { PostTerms } from "./post_terms.js";
import { said } from "./said.js";
import { TextPicker } from "./text_picker.js";
import { ThreadShape } from "./thread_shape.js";
import { spread } from "./spread.js";
import { fill } from "./words.js";

class ThreadEditor extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol.thread");
    this.status = this.querySelector("[data-said]");
    this.serial = this.items().length;
    this.pattern = this.items()[0].cloneNode(true);
    this.attachments = new Attachments(this);
    this.attachments.strip(this.pattern);
    this.terms = new PostTerms(this);
    this.shape = new ThreadShape(this);
    this.textPicker = new TextPicker(this, "texts", (...picked) => this.insert(...picked));
    this.endingPicker = new TextPicker(this, "endings", (field, text) => this.end(field, text));
    for (const item of this.items()) this.attachments.join(item);
    this.renumber();
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("input", (event) => this.onInput(event));
    this.addEventListener("paste", (event) => this.onPaste(event));
    Sortable.create(this.list, {
      handle: "[data-grip]",
      draggable: ".draft",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 110,
      onEnd: ({ item, oldIndex, newIndex }) => oldIndex !== newIndex && this.arrived(item),
    });
  }

  get limit() {
    return Number(this.dataset.limit);
  }

  items() {
    return [...this.list.querySelectorAll(":scope > .draft")];
  }

  fieldOf(item) {
    return item.querySelector("textarea");
  }

  /** The thread as it stands, one string to each post. */
  texts() {
    return this.items().map((item) => this.fieldOf(item).value);
  }

  /** All of it, as it is saved: texts, what hangs on each, and the terms of the whole post. */
  content() {
    return {
      texts: this.texts(),
      extras: this.items().map((item) => this.attachments.extra(item)),
      terms: this.terms.read(),
    };
  }

  /** Put other content in place of what stands here. */
  replace({ texts, extras, terms }) {
    for (const item of this.list.children) item.removing = true;
    this.list.replaceChildren(...texts.map((text, at) => this.make(text, extras[at])));
    this.terms.write(terms);
    this.renumber();
  }

  make(text, extra = {}) {
    this.serial += 1;
    const item = this.pattern.cloneNode(true);
    const old = this.fieldOf(item).id.slice(1);
    item.id = `s${this.serial}`;
    for (const element of item.querySelectorAll("[id], [for], [cut], [aria-describedby]")) {
      for (const name of ["id", "for", "cut", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(new RegExp(`${old}$`), this.serial));
      }
    }
    for (const element of item.querySelectorAll("[data-needs-js]")) element.hidden = false;
    item.querySelector("[data-offer]").hidden = true;
    const field = this.fieldOf(item);
    field.defaultValue = "";
    field.value = text;
    this.attachments.join(item);
    this.attachments.put(item, extra);
    return item;
  }

  renumber() {
    const items = this.items();
    items.forEach((item, at) => {
      const number = at + 1;
      const label = item.querySelector("label");
      label.textContent = items.length === 1 ? said.label_one : fill(said.label, { number, count: items.length });
      for (const button of item.querySelectorAll("[name=do]")) button.value = `${button.dataset.do}-${number}`;
      item.querySelector("[data-do=up]").disabled = at === 0;
      item.querySelector("[data-do=down]").disabled = at === items.length - 1;
      for (const does of ["up", "down", "remove"]) {
        item.querySelector(`[data-do=${does}]`).hidden = items.length === 1;
      }
    });
    this.shape.offer();
  }

  changed() {
    this.renumber();
    this.dispatchEvent(new CustomEvent("thread", { bubbles: true, detail: { texts: this.texts(), limit: this.limit } }));
  }

  onInput(event) {
    this.terms.check(event.target);
    this.changed();
  }

  say(text) {
    this.status.textContent = text;
  }

  onClick(event) {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest(".draft");
    const does = {
      add: () => this.add(this.items().at(-1)),
      remove: () => this.remove(item),
      up: () => this.move(item, -1, button),
      down: () => this.move(item, 1, button),
      split: () => this.split(item),
      attach: () => this.attachments.choose(item),
      library: () => this.attachments.pick(item, button),
      text: () => this.textPicker.open(this.fieldOf(item)),
      ending: () => this.endingPicker.open(this.fieldOf(item)),
      thread: () => this.shape.toThread(),
      join: () => this.shape.toOne(),
      poll: () => this.attachments.addPoll(item),
      spread: () => this.spreadOut(item),
    };
    does[button.dataset.do]();
  }

  onKey(event) {
    const item = event.target.closest(".draft");
    if (!item) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (event.shiftKey) this.split(item);
      else this.add(item);
    } else if (event.key === "i" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.textPicker.open(this.fieldOf(item));
    } else if (event.key === "e" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.endingPicker.open(this.fieldOf(item));
    } else if (event.target.matches("[data-grip]") && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      this.move(item, event.key === "ArrowUp" ? -1 : 1, event.target);
    }
  }

  /** Whether another post may be added; says so when not. */
  hasRoom(more = 1) {
    if (this.items().length + more <= Number(this.dataset.most)) return true;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.most, level: "info" } }));
    return false;
  }

  add(after, text = "") {
    if (!this.hasRoom()) return null;
    const item = this.make(text);
    after.after(item);
    this.changed();
    const field = this.fieldOf(item);
    field.focus();
    field.setSelectionRange(0, 0);
    item.scrollIntoView({ block: "nearest" });
    return item;
  }

  /** Take a post out and leave a line in its place that brings it back. */
  remove(item) {
    const items = this.items();
    if (items.length === 1) return;
    const number = items.indexOf(item) + 1;
    if (!this.fieldOf(item).value.trim() && !this.attachments.any(item)) {
      const next = items[number] ?? items[number - 2];
      item.remove();
      this.fieldOf(next).focus();
      this.changed();
      return;
    }
    const line = document.createElement("li");
    line.className = "draft__gone notice";
    const words = document.createElement("span");
    words.className = "grow";
    words.textContent = fill(said.removed, { number });
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn--s";
    undo.dataset.key = "z";
    undo.textContent = said.undo;
    undo.addEventListener("click", () => {
      line.replaceWith(item);
      this.changed();
      this.fieldOf(item).focus();
    });
    line.append(words, undo);
    item.replaceWith(line);
    this.say(words.textContent);
    undo.focus();
    this.changed();
  }

  move(item, by, focus) {
    const items = this.items();
    const to = items.indexOf(item) + by;
    if (to < 0 || to >= items.length) return;
    if (by < 0) items[to].before(item);
    else items[to].after(item);
    this.arrived(item);
    (focus.disabled ? item.querySelector("[data-grip]") : focus).focus();
  }

  arrived(item) {
    const items = this.items();
    this.say(fill(said.moved, { number: items.indexOf(item) + 1, count: items.length }));
    this.changed();
  }

  split(item) {
    const field = this.fieldOf(item);
    const at = field.selectionStart;
    if (at <= 0 || at >= field.value.length || !this.hasRoom()) return;
    const [before, after] = [field.value.slice(0, at).trimEnd(), field.value.slice(at).trimStart()];
    this.write(field, before);
    this.add(item, after);
  }

  /** Put words where the caret was, in place of what was selected there. */
  insert(field, text, [start, end]) {
    field.focus();
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Put a signature or hashtags at the end of a post, so that the field's own undo knows of it. */
  end(field, text) {
    const words = ending(field.value, text);
    if (!words) {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.ended, level: "info" } }));
      return;
    }
    field.focus();
    field.setSelectionRange(field.value.trimEnd().length, field.value.length);
    if (document.execCommand("insertText", false, words)) return;
    this.insert(field, words, [field.value.trimEnd().length, field.value.length]);
  }

  write(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** After a paste that does not fit, offer to spread it; nothing happens by itself. */
  onPaste(event) {
    if (!event.target.matches("textarea")) return;
    const item = event.target.closest(".draft");
    setTimeout(() => this.offer(item));
  }

  offer(item) {
    const line = item.querySelector("[data-offer]");
    const posts = spread(this.fieldOf(item).value, this.limit);
    line.hidden = posts.length < 2;
    if (line.hidden) return;
    line.querySelector("[data-offer-words]").textContent = said.long;
    line.querySelector("button").textContent = fill(said.split_offer, { count: posts.length });
  }

  spreadOut(item) {
    const field = this.fieldOf(item);
    const [first, ...others] = spread(field.value, this.limit);
    item.querySelector("[data-offer]").hidden = true;
    if (!others.length || !this.hasRoom(others.length)) return;
    this.write(field, first);
    let last = item;
    for (const text of others) last = this.add(last, text);
  }
}

customElements.define("thread-editor", ThreadEditor);

/* "See" in the list of checks leads to the post it speaks of, wherever that has moved. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-go]");
  const editor = document.querySelector("thread-editor");
  const item = editor?.items()[Number(link?.dataset.go) - 1];
  if (!link || !item) return;
  event.preventDefault();
  editor.fieldOf(item).focus();
  item.scrollIntoView({ block: "center" });
});
