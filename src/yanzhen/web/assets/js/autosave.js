/* Saves the thread while somebody writes: a second after the last key, on leaving a field, before
   leaving the page. Until the server has a word, it is kept in this tab's storage, so that nothing
   typed is lost offline, after a crash of the page, or after signing out. A save on an old revision
   is answered with both texts, and the writer chooses (see views/drafting.py). */
import { said } from "./said.js";
import "./thread_editor.js";
import { fill } from "./words.js";

const PAUSE_MS = 1000;
const RETRY_MS = [3000, 8000, 20_000, 60_000];
const KEEPALIVE_BYTES = 60_000;

/** Two states of the post are the same when they are saved as the same. */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

class Autosave {
  constructor(editor) {
    this.editor = editor;
    this.form = editor.querySelector("form");
    this.line = document.querySelector("[data-save-state]");
    this.place = document.querySelector("[data-merge-place]");
    this.stash = `yanzhen-draft-${editor.dataset.post}`;
    this.known = editor.content();
    this.sending = null;
    this.timer = 0;
    this.failed = 0;
    this.stuck = false;
    this.merging = null;
    this.listen();
    this.recover();
  }

  get revision() {
    return Number(this.form.elements.revision.value);
  }

  set revision(number) {
    this.form.elements.revision.value = number;
  }

  /** Whether the words differ from those the server last said it has. */
  get changed() {
    return !same(this.editor.content(), this.known);
  }

  /** Whether anything is unsaved. What is on its way counts: taken back meanwhile, the words are
      those of before again, and the server is about to have others. */
  get dirty() {
    return this.changed || Boolean(this.sending);
  }

  listen() {
    this.editor.addEventListener("thread", () => this.touch());
    this.editor.addEventListener("focusout", () => this.dirty && this.flush());
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    this.place.addEventListener("submit", (event) => this.onMerge(event));
    addEventListener("online", () => this.flush());
    addEventListener("offline", () => this.dirty && this.show("offline"));
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("beforeunload", (event) => {
      if (this.dirty && (this.stuck || this.failed)) event.preventDefault();
    });
    document.querySelector("[data-keep]")?.addEventListener("click", (event) => this.onKeep(event));
    document.addEventListener("click", (event) => this.onWay(event));
    document.addEventListener("submit", (event) => this.onSend(event));
    document.addEventListener("htmx:afterSettle", () => this.lookAround());
  }

  touch() {
    if (!this.dirty) {
      this.forget();
      return;
    }
    this.remember();
    if (!this.stuck) this.show("typing");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Send what is unsaved and wait until the server has it; true when nothing is left to save. */
  async flush() {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    if (!this.dirty) return true;
    // The same words would only draw the same choice again, and undo what is chosen in it.
    if (this.merging && same(this.merging, this.editor.content())) return false;
    this.sending = this.send(this.editor.content()).finally(() => (this.sending = null));
    await this.sending;
    return !this.dirty;
  }

  request(content, more = {}) {
    return fetch(this.form.action, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
      },
      body: JSON.stringify({ revision: this.revision, ...content }),
      ...more,
    });
  }

  async send(content) {
    this.show("saving");
    this.remember(content);
    let answer;
    try {
      answer = await this.request(content);
    } catch {
      this.again("offline");
      return;
    }
    if (answer.redirected) this.hold("signed_out");
    else if (answer.status === 409 && this.isPage(answer)) await this.conflict(await answer.text());
    else if (answer.ok) this.saved(content, await answer.json());
    else if (answer.status >= 500) this.again("failed");
    else this.hold("refused", { why: await this.reason(answer) });
  }

  isPage(answer) {
    return (answer.headers.get("Content-Type") ?? "").includes("text/html");
  }

  async reason(answer) {
    if (!this.isPage(answer)) return (await answer.json()).why;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("main h1")?.textContent.trim() ?? String(answer.status);
  }

  saved(content, { revision, saved }) {
    this.known = content;
    this.revision = revision;
    this.failed = 0;
    this.stuck = false;
    this.merging = null;
    this.place.replaceChildren();
    this.show("saved", { time: saved });
    if (this.changed) this.touch();
    else this.forget();
    this.form.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
  }

  /** Try again by itself, less and less often. */
  again(state) {
    this.show(state);
    this.timer = setTimeout(() => this.flush(), RETRY_MS[Math.min(this.failed, RETRY_MS.length - 1)]);
    this.failed += 1;
  }

  /** Not saved, and trying again alone will not help: say why. */
  hold(state, values = {}) {
    this.stuck = true;
    this.show(state, values);
  }

  conflict(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const form = page.querySelector("[data-merge]");
    const first = !this.place.querySelector("[data-merge]");
    this.hold("conflict");
    if (!form) return;
    this.place.replaceChildren(document.adoptNode(form));
    this.merging = this.editor.content();
    if (first) this.place.scrollIntoView({ block: "nearest" });
  }

  /** Settle the conflict, unless something was typed since it was drawn: then draw it again. */
  async onMerge(event) {
    event.preventDefault();
    const form = event.target;
    if (this.merging && !same(this.merging, this.editor.content())) {
      await this.flush();
      return;
    }
    let answer;
    try {
      answer = await fetch(form.action, {
        method: "POST",
        headers: { "X-Requested-With": "fetch" },
        body: new URLSearchParams(new FormData(form)),
      });
    } catch {
      this.hold("offline");
      return;
    }
    if (answer.ok) {
      this.forget();
      this.known = this.editor.content();
      location.assign(this.form.action.replace(/draft\/$/, ""));
    } else if (answer.status === 409) await this.conflict(await answer.text());
    else this.hold("refused", { why: await this.reason(answer) });
  }

  /** The plain form's buttons never send while the script saves; Enter in a field means save. */
  onSubmit(event) {
    event.preventDefault();
    if (event.submitter?.matches("[data-keep]")) return;
    this.flush();
  }

  /** A link that works on what is saved is followed once all of it is. */
  async onWay(event) {
    const link = event.target.closest("a[data-after-save]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await this.flush()) location.assign(link.href);
  }

  /** A form that works on what is saved is sent once all of it is. */
  async onSend(event) {
    const form = event.target;
    if (!form.matches("[data-after-save]") || !this.dirty) return;
    event.preventDefault();
    if (await this.flush()) form.submit();
  }

  async onKeep(event) {
    event.preventDefault();
    const button = event.currentTarget;
    const note = this.form.elements.note;
    if (!(await this.flush())) return;
    const body = new FormData();
    body.set("note", note.value);
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(button.formAction, { method: "POST", headers: { "HX-Request": "true" }, body });
      const told = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}").toast;
      if (told) this.toast(told.text);
      else if (!answer.ok) this.toast(await this.trouble(answer), "warning");
      if (answer.ok) {
        note.value = "";
        document.body.dispatchEvent(new CustomEvent("version-saved"));
      }
    } catch {
      this.show("offline");
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  async trouble(answer) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector("[role=alert], main h1")?.textContent.trim() ?? said.failed;
  }

  toast(text, level = "success") {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, level } }));
  }

  /** Leaving: hand over the rest without waiting. What is under way already has its answer kept. */
  leave() {
    if (!this.dirty || this.sending || this.stuck) return;
    const content = this.editor.content();
    this.remember(content);
    if (JSON.stringify(content).length < KEEPALIVE_BYTES) this.request(content, { keepalive: true }).catch(() => {});
  }

  /** ``sent`` is what was last handed over, whose answer may never have come back. */
  remember(sent) {
    try {
      const content = this.editor.content();
      this.sent = sent ?? this.sent;
      sessionStorage.setItem(this.stash, JSON.stringify({ revision: this.revision, content, sent: this.sent }));
    } catch {
      /* Storage is full or blocked: the server's copy is the only one. */
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.stash);
    } catch {
      /* There was none. */
    }
  }

  /** Words of an earlier visit that the server never confirmed come back into the editor. */
  recover() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(this.stash) ?? "null");
    } catch {
      return;
    }
    if (!kept?.content || this.place.querySelector("[data-merge]")) return;
    if (same(kept.content, this.known)) {
      this.forget();
      return;
    }
    if (!kept.sent || !same(kept.sent, this.known)) this.revision = kept.revision;
    this.editor.replace(kept.content);
    this.editor.changed();
    this.toast(said.back, "info");
    this.flush();
  }

  /** Somebody else has saved meanwhile: say so before the writer runs into it. */
  lookAround() {
    const present = document.getElementById("present");
    const note = document.querySelector("[data-newer]");
    if (!present || !note) return;
    const newer = Number(present.dataset.revision) > this.revision && !present.dataset.mine;
    note.hidden = !newer || this.stuck;
    note.querySelector("[data-newer-name]").textContent = present.dataset.by;
  }

  show(state, values = {}) {
    const calm = ["saved", "saving", "typing"].includes(state);
    this.line.dataset.saveState = state;
    this.line.classList.toggle("late", !calm);
    this.line.classList.toggle("faint", calm);
    // Read out only what needs somebody: a page that says "saved" every second is noise.
    this.line.setAttribute("role", calm ? "none" : "status");
    this.line.textContent = fill(said[state], values);
  }
}

const editor = document.querySelector("thread-editor");
if (editor) new Autosave(editor);
