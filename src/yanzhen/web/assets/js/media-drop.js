/* Takes files: <media-drop data-url="..."> around a plain form (library/_drop.html). Files chosen,
   dropped or pasted are sent at once, two at a time, each with its progress, a way to stop it and
   the server's own sentence when it is refused. For every file that is kept the element fires
   "media-stored", which bubbles; its detail is the server's answer (library/views/answers.py). */
import { fill } from "./words.js";
import { csrfToken } from "./htmx-setup.js";

const AT_ONCE = 2;
const MEGABYTE = 1024 * 1024;
const CHECKED_FROM = 100; // percent: all is sent, the server is decoding

class MediaDrop extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.form = this.querySelector("form");
    this.input = this.form.querySelector("input[type=file]");
    this.zone = this.form.querySelector(".media-drop__zone");
    this.list = this.querySelector(".media-drop__files");
    this.heard = this.querySelector("[data-heard]");
    this.row = this.querySelector("template").content.firstElementChild;
    this.queue = [];
    this.busy = 0;
    for (const part of this.querySelectorAll("[data-only-script]")) part.hidden = false;
    for (const part of this.querySelectorAll("[data-no-script]")) part.hidden = true;
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
    this.addEventListener("dragover", (event) => this.onDrag(event));
    this.addEventListener("dragleave", () => delete this.dataset.over);
    this.addEventListener("drop", (event) => this.onDrop(event));
    if ("paste" in this.dataset) document.addEventListener("paste", this.onPaste);
    addEventListener("beforeunload", this.onLeave);
  }

  disconnectedCallback() {
    document.removeEventListener("paste", this.onPaste);
    removeEventListener("beforeunload", this.onLeave);
  }

  onDrag(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.dataset.over = "";
  }

  onDrop(event) {
    delete this.dataset.over;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.add([...event.dataTransfer.files]);
  }

  /** Words are pasted as words, even where a picture of them comes along. */
  onPaste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const typing = event.target.closest?.("input, textarea, [contenteditable]");
    if (!files.length || (typing && event.clipboardData.types.includes("text/plain"))) return;
    event.preventDefault();
    this.add(files);
  };

  onLeave = (event) => {
    if (this.busy || this.queue.length) event.preventDefault();
  };

  /** Send these files; what is too large for anything is refused here. */
  add(files) {
    const keep = this.form.elements.keep_location.checked;
    for (const file of files) {
      const row = this.row.cloneNode(true);
      const job = { file, row, keep, request: null };
      row.querySelector(".media-drop__name").textContent = file.name;
      row.querySelector("[data-stop]").addEventListener("click", () => this.stop(job));
      row.querySelector("[data-again]").addEventListener("click", () => this.enqueue(job));
      row.querySelector("[data-dismiss]").addEventListener("click", () => this.dismiss(job));
      this.list.append(row);
      this.list.hidden = false;
      this.picture(job);
      const most = Number(file.type.startsWith("video/") ? this.dataset.mostVideo : this.dataset.mostImage);
      if (file.size > most) this.fail(job, fill(this.dataset.tooLarge, { most: most / MEGABYTE }), false);
      else this.enqueue(job);
    }
  }

  /** The browser shows a picture while it is on its way; a file that is none keeps its sign. */
  picture({ file, row }) {
    if (!/^image\/(jpeg|png|gif|webp)$/.test(file.type)) return;
    const image = new Image();
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.decode().then(
      () => row.querySelector(".media-drop__thumb").replaceChildren(image),
      () => {},
    ).finally(() => URL.revokeObjectURL(image.src));
  }

  enqueue(job) {
    this.mark(job, "waiting", this.dataset.waiting);
    this.queue.push(job);
    this.next();
  }

  next() {
    while (this.busy < AT_ONCE && this.queue.length) this.send(this.queue.shift());
  }

  send(job) {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("file", job.file, job.file.name);
    if (job.keep) body.set("keep_location", "yes");
    job.request = request;
    this.busy += 1;
    this.progress(job, 0);
    request.open("POST", this.dataset.url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) this.progress(job, Math.floor((event.loaded / event.total) * 100));
    });
    request.addEventListener("load", () => this.onAnswer(job));
    request.addEventListener("error", () => this.fail(job, this.dataset.offline, true));
    request.addEventListener("abort", () => this.fail(job, this.dataset.stopped, true));
    request.addEventListener("loadend", () => {
      job.request = null;
      this.busy -= 1;
      this.next();
    });
    request.send(body);
  }

  onAnswer(job) {
    const { request } = job;
    let answer = null;
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      /* A page came: somebody is signed out, may not, or the server is in trouble. */
    }
    if (request.status === 200 && answer?.id) this.done(job, answer);
    else if (answer?.error) this.fail(job, answer.error, false);
    else if (request.status === 200) this.fail(job, this.dataset.signedOut, true);
    else if (request.status === 403) this.fail(job, this.dataset.forbidden, false);
    else if (request.status === 413)
      this.fail(job, fill(this.dataset.tooLarge, { most: this.dataset.mostVideo / MEGABYTE }), false);
    else this.fail(job, this.dataset.failed, true);
  }

  done(job, answer) {
    // Chinese sentences follow each other without a space.
    const said = [this.dataset.done, ...answer.warnings].join(" ").replaceAll("。 ", "。");
    this.mark(job, "done", said);
    const link = document.createElement("a");
    link.href = answer.page;
    link.textContent = answer.name;
    job.row.querySelector(".media-drop__name").replaceChildren(link);
    this.heard.textContent = `${answer.name}: ${said}`;
    this.dispatchEvent(new CustomEvent("media-stored", { bubbles: true, detail: answer }));
  }

  fail(job, why, again) {
    this.mark(job, again ? "broken" : "refused", why);
    this.heard.textContent = `${job.file.name}: ${why}`;
  }

  stop(job) {
    const waiting = this.queue.indexOf(job);
    if (waiting >= 0) {
      this.queue.splice(waiting, 1);
      this.fail(job, this.dataset.stopped, true);
    } else job.request?.abort();
  }

  dismiss({ row }) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    this.list.hidden = !this.list.children.length;
    (next?.querySelector("[data-dismiss]:not([hidden])") ?? this.input).focus();
  }

  progress(job, percent) {
    const sent = percent >= CHECKED_FROM;
    this.mark(job, "sending", sent ? this.dataset.checking : fill(this.dataset.sending, { percent }));
    const bar = job.row.querySelector("progress");
    if (sent) bar.removeAttribute("value");
    else bar.value = percent;
  }

  mark({ row }, state, words) {
    row.dataset.state = state;
    row.querySelector(".media-drop__state").textContent = words;
    row.querySelector("progress").hidden = state !== "sending";
    row.querySelector("[data-stop]").hidden = state !== "sending" && state !== "waiting";
    row.querySelector("[data-again]").hidden = state !== "broken";
    row.querySelector("[data-dismiss]").hidden = state === "sending" || state === "waiting";
  }
}

customElements.define("media-drop", MediaDrop);
