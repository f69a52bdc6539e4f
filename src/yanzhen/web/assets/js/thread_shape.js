/* A long post becomes a thread, a thread one post; a line above takes it back until somebody types.
   What stood between two posts when they were cut apart stands there again when they are joined. */
import { said } from "./said.js";
import { seams, spread } from "./spread.js";
import { weigh } from "./weigh.js";
import { fill } from "./words.js";

/** What X shows of a post without a press; a verified account may write more in one. */
const SHOWN = 280;
const SEAM = "\n\n";
/** A shorter text is never too long, whatever it is made of. */
const SURELY_FITS = SHOWN / 2;

const isLong = (text) => text.length > SURELY_FITS && weigh(text, SHOWN).remaining < 0;

export class ThreadShape {
  constructor(editor) {
    this.editor = editor;
    this.thread = editor.querySelector("[data-do=thread]");
    this.join = editor.querySelector("[data-do=join]");
    editor.addEventListener("input", (event) => event.isTrusted && this.line?.remove());
  }

  /** Show what can be done: an edit has neither. */
  offer() {
    if (!this.thread) return;
    const texts = this.editor.texts();
    this.thread.hidden = !texts.some(isLong);
    this.join.hidden = texts.length < 2;
  }

  /** Cut every post that is longer than X shows; files and polls stay on the first part. */
  toThread() {
    const { editor } = this;
    const before = editor.content();
    const parts = before.texts.map((text) => (isLong(text) ? spread(text, SHOWN) : [text]));
    const count = parts.flat().length;
    if (count === before.texts.length || !editor.hasRoom(count - before.texts.length)) return;
    const extras = parts.flatMap((posts, at) => posts.map((_, nth) => (nth ? {} : before.extras[at])));
    const between = parts.flatMap((posts, at) => [null, ...seams(before.texts[at], posts)]);
    editor.replace({ texts: parts.flat(), extras, terms: before.terms });
    editor.items().forEach((item, at) => {
      if (between[at] !== null) item.dataset.seam = between[at];
    });
    this.done(fill(said.threaded, { count }), before);
  }

  /** Put all posts into one, which may then be too long. Nothing that hangs on them is lost. */
  toOne() {
    const { editor } = this;
    const before = editor.content();
    const hung = before.extras.filter((extra) => Object.keys(extra).length);
    if (hung.length > 1) {
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: said.hung_twice, level: "warning" } }));
      return;
    }
    const items = editor.items().filter((item) => editor.fieldOf(item).value.trim());
    const text = items.map((item, at) => (at ? (item.dataset.seam ?? SEAM) : "") + editor.fieldOf(item).value).join("");
    editor.replace({ texts: [text], extras: [hung[0] ?? {}], terms: before.terms });
    this.done(said.joined, before);
  }

  done(words, before) {
    const { editor } = this;
    this.line?.remove();
    this.line = document.createElement("div");
    this.line.className = "draft__gone notice";
    const text = document.createElement("span");
    text.className = "grow";
    text.textContent = words;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn--s";
    undo.dataset.key = "z";
    undo.textContent = said.undo;
    undo.addEventListener("click", () => {
      this.line.remove();
      editor.replace(before);
      editor.changed();
      editor.fieldOf(editor.items()[0]).focus();
    });
    this.line.append(text, undo);
    editor.list.before(this.line);
    editor.say(words);
    editor.changed();
    undo.focus();
  }
}
