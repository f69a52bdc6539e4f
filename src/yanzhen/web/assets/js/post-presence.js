/* <post-presence data-url> tells the server every 20 s that this page is open, and shows who else
   is here. While somebody else holds the pen, the composer is for reading, unless there are words
   in it that are not saved: nobody is kept from saving what they typed.
   A hidden page is quiet: who does not look at it for a minute has gone, and asks at once how
   things stand when they look again. Leaving the page lays down the pen. */

const BEAT_MS = 20_000;
/* The server keeps whoever it does not hear of at least so long. */
const GONE_MS = 60_000;
const ANSWER_MS = 15_000;
const CALM = ["", "saved"];

class PostPresence extends HTMLElement {
  connectedCallback() {
    this.people = this.querySelector("[data-people]");
    this.place = document.querySelector("[data-pen-place]");
    this.state = document.querySelector("[data-save-state]");
    this.editor = document.querySelector("thread-editor");
    this.form = this.editor?.querySelector("form");
    this.lock = "free";
    this.writes = false;
    this.reading = false;
    this.typed = -Infinity;
    this.shown = "";
    this.page = crypto.getRandomValues(new Uint32Array(3)).join("-");
    this.sent = -Infinity;
    this.heard = Date.now();
    this.editor?.addEventListener("thread", () => this.onThread());
    this.editor?.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    document.addEventListener("visibilitychange", this.onSight);
    document.addEventListener("resume", this.onSight);
    addEventListener("pageshow", this.onShow);
    addEventListener("online", this.onSight);
    addEventListener("pagehide", this.leave);
    this.onSight();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.onSight);
    document.removeEventListener("resume", this.onSight);
    removeEventListener("pageshow", this.onShow);
    removeEventListener("online", this.onSight);
    removeEventListener("pagehide", this.leave);
  }

  /** Seen, seen again, awake, or connected again: ask at once, then every 20 s. */
  onSight = () => {
    clearInterval(this.timer);
    if (document.hidden) return;
    this.beat();
    this.timer = setInterval(() => this.beat(), BEAT_MS);
  };

  /** Back from the browser's memory, where the page was neither seen nor gone. */
  onShow = (event) => {
    this.left = false;
    if (event.persisted) this.onSight();
  };

  /** The page may be gone before an answer comes, so it waits for none. A beat after this one, as
      when the browser says next that the page is hidden, would pick the pen up again. */
  leave = () => {
    clearInterval(this.timer);
    this.left = true;
    this.waiting?.abort();
    const body = this.words();
    body.set("leaves", "1");
    navigator.sendBeacon(this.dataset.url, body);
  };

  get unsaved() {
    return Boolean(this.editor) && !CALM.includes(this.state?.dataset.saveState ?? "");
  }

  get revision() {
    return Number(this.form?.elements.revision.value ?? 0);
  }

  /** The first words ask for the pen at once, and so do those after a sleep; the others wait for
      the next beat. */
  onThread() {
    this.typed = Date.now();
    const first = !this.writes;
    this.writes = true;
    if (first || Date.now() - this.sent > GONE_MS) this.beat();
  }

  /** The composer's chords would add posts to a text that is for reading. */
  onKey(event) {
    const chord = (event.ctrlKey || event.metaKey) && ["Enter", "i", "e", "l", "L"].includes(event.key);
    if (!this.reading || !chord) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  words() {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("page", this.page);
    return body;
  }

  async beat() {
    if (this.left) return;
    const body = this.words();
    body.set("writes", this.writes ? "1" : "0");
    body.set("unsaved", this.unsaved || Date.now() - this.typed < BEAT_MS ? "1" : "0");
    // An answer from before a sleep must not be shown after a later one.
    this.waiting?.abort();
    this.waiting = new AbortController();
    const signal = AbortSignal.any([this.waiting.signal, AbortSignal.timeout(ANSWER_MS)]);
    this.sent = Date.now();
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", body, signal });
      if (answer.ok && !answer.redirected) this.show(await answer.text());
    } catch {
      // Offline: the composer says so, and the next beat tries again. Who is here is not known.
      if (Date.now() - this.heard > GONE_MS) this.people.replaceChildren();
    }
  }

  show(html) {
    this.heard = Date.now();
    const page = new DOMParser().parseFromString(html, "text/html");
    const pen = page.querySelector("[data-pen]");
    this.people.replaceChildren(...page.querySelector("[data-people]").childNodes);
    const { lock, revision, by } = pen.dataset;
    // Said once: a notice that is put back every 20 s would be read out each time.
    const words = pen.querySelector("p")?.textContent ?? "";
    if (words !== this.shown) this.place?.replaceChildren(...pen.childNodes);
    this.shown = words;
    this.lock = lock;
    if (this.form) this.follow(Number(revision), by);
  }

  follow(revision, by) {
    const others = this.lock === "theirs" || this.lock === "lost";
    if (others && !this.unsaved) this.read(true);
    else if (!others && this.reading) {
      if (revision > this.revision) this.offerNewer(by);
      else this.read(false);
    }
  }

  /** Whoever wrote has gone, and this page still shows what stood here before. */
  offerNewer(by) {
    const note = document.querySelector("[data-newer]");
    if (!note) return;
    note.querySelector("[data-newer-name]").textContent = by;
    note.hidden = false;
  }

  read(reading) {
    if (reading === this.reading) return;
    this.reading = reading;
    if (reading) this.writes = false;
    this.editor.toggleAttribute("data-reading", reading);
    for (const element of this.form.elements) {
      if (element.type === "hidden") continue;
      if (element.matches("textarea")) element.readOnly = reading;
      else if (reading && !element.disabled) {
        element.disabled = true;
        element.dataset.penDisabled = "";
      } else if (!reading && "penDisabled" in element.dataset) {
        element.disabled = false;
        delete element.dataset.penDisabled;
      }
    }
  }
}

customElements.define("post-presence", PostPresence);
