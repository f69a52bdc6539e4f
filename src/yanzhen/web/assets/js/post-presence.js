/* <post-presence data-url> tells the server every 20 s that this page is open, and shows who else
   is here. While somebody else holds the pen, the composer is for reading, unless there are words
   in it that are not saved: nobody is kept from saving what they typed. */

const BEAT_MS = 20_000;
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
    this.editor?.addEventListener("thread", () => this.onThread());
    this.editor?.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    this.timer = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get unsaved() {
    return Boolean(this.editor) && !CALM.includes(this.state?.dataset.saveState ?? "");
  }

  get revision() {
    return Number(this.form?.elements.revision.value ?? 0);
  }

  /** The first words ask for the pen at once; the others wait for the next beat. */
  onThread() {
    this.typed = Date.now();
    const first = !this.writes;
    this.writes = true;
    if (first) this.beat();
  }

  /** The composer's chords would add posts to a text that is for reading. */
  onKey(event) {
    const chord = (event.ctrlKey || event.metaKey) && ["Enter", "i", "e", "l", "L"].includes(event.key);
    if (!this.reading || !chord) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  async beat() {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("writes", this.writes ? "1" : "0");
    body.set("unsaved", this.unsaved || Date.now() - this.typed < BEAT_MS ? "1" : "0");
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", body });
      if (answer.ok && !answer.redirected) this.show(await answer.text());
    } catch {
      /* Offline: the composer says so, and the next beat tries again. */
    }
  }

  show(html) {
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
