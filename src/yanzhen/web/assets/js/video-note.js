/* <video-note> records a note for a log: screen, camera and voice together or some of them. First one
   looks how it will be and chooses devices, then records with pauses, looks at it, and keeps it or
   records anew. Nothing leaves the browser before "keep". Where the browser cannot record, it says so
   and the form below takes a file. Limits come from the element; the server has its own. */
import { Mix } from "./video-mix.js";

const TYPES = ["video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const BITS_A_SECOND = 1_500_000;
const MEGABYTE = 1024 * 1024;
const STEPS = ["choose", "ready", "live", "review"];

class VideoNote extends HTMLElement {
  connectedCallback() {
    this.type = TYPES.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
    if (!this.type || !navigator.mediaDevices?.getUserMedia || !globalThis.AudioContext) {
      this.say(this.dataset.unsupported);
      return;
    }
    if (!navigator.mediaDevices.getDisplayMedia) this.withoutScreen();
    this.show("choose");
    this.addEventListener("click", ({ target }) => this[target.closest("[data-do]")?.dataset.do]?.());
    this.addEventListener("change", ({ target }) => target.matches("[data-device]") && this.change());
    this.leaving = (event) => (this.unkept || this.recorder) && event.preventDefault();
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.leaving);
    this.close();
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  show(step) {
    for (const each of STEPS) this.part(`step=${each}`).hidden = each !== step;
    this.part(`step=${step}`).querySelector("[data-first]")?.focus();
  }

  say(words = "") {
    this.part("said").textContent = words;
  }

  withoutScreen() {
    for (const input of this.querySelectorAll("[value=both], [value=screen]")) {
      input.disabled = true;
      input.checked = false;
    }
    this.querySelector("[value=camera]").checked = true;
    this.say(this.dataset.noScreen);
  }

  /* Open what was chosen and show how it will be. */
  async prepare() {
    const what = this.querySelector("[data-what]:checked").value;
    this.close();
    this.say();
    const mix = new Mix(what, this.devices);
    try {
      await mix.open();
    } catch {
      this.show("choose");
      this.say(this.dataset.denied);
      return;
    }
    this.mix = mix;
    mix.addEventListener("ended", () => this.onEnded());
    if (!mix.voice) this.say(this.dataset.silent);
    await this.listDevices();
    for (const view of this.querySelectorAll("[data-preview]")) {
      view.srcObject = mix.canvas.captureStream();
      view.play();
    }
    this.watching = setInterval(() => this.watch(), 200);
    this.show("ready");
  }

  get devices() {
    return Object.fromEntries([...this.querySelectorAll("[data-device]")].map((each) => [each.dataset.device, each.value]));
  }

  /* Another device was chosen. */
  async change() {
    try {
      await this.mix.change(this.devices);
      this.say(this.mix.voice ? "" : this.dataset.silent);
    } catch {
      this.cancel();
      this.say(this.dataset.denied);
    }
  }

  async listDevices() {
    const found = await navigator.mediaDevices.enumerateDevices();
    for (const select of this.querySelectorAll("[data-device]")) {
      const camera = select.dataset.device === "camera";
      const wanted = camera ? this.mix.wantsCamera : true;
      const kind = camera ? "videoinput" : "audioinput";
      const options = found.filter((each) => each.kind === kind && each.deviceId);
      const chosen = select.value;
      select.replaceChildren(...options.map((each, at) => new Option(each.label || `${select.dataset.word} ${at + 1}`, each.deviceId)));
      if (options.some((each) => each.deviceId === chosen)) select.value = chosen;
      select.closest("label").hidden = !wanted || !options.length;
    }
  }

  /* Level, time and size, while anything is open. */
  watch() {
    for (const meter of this.querySelectorAll("meter")) meter.value = this.mix.level;
    if (!this.recorder) return;
    const now = performance.now();
    if (this.recorder.state === "recording") this.spent += now - this.looked;
    this.looked = now;
    const seconds = Math.floor(this.spent / 1000);
    this.part("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.part("size").textContent = `${(this.bytes / MEGABYTE).toFixed(1)} MB`;
    if (seconds >= Number(this.dataset.mostSeconds)) this.stop(this.dataset.long);
  }

  begin() {
    Object.assign(this, { chunks: [], bytes: 0, spent: 0, looked: performance.now() });
    this.recorder = new MediaRecorder(this.mix.stream, { mimeType: this.type, videoBitsPerSecond: BITS_A_SECOND });
    this.recorder.addEventListener("dataavailable", ({ data }) => this.take(data));
    this.recorder.addEventListener("stop", () => this.stopped());
    this.recorder.start(1000);
    this.paused(false);
    this.say();
    this.show("live");
  }

  take(data) {
    if (!data.size || !this.chunks) return;
    if (this.bytes + data.size > Number(this.dataset.mostBytes)) {
      this.stop(this.dataset.large);
      return;
    }
    this.bytes += data.size;
    this.chunks.push(data);
  }

  pause() {
    const running = this.recorder.state === "recording";
    if (running) this.recorder.pause();
    else this.recorder.resume();
    this.paused(running);
  }

  paused(on) {
    this.part("do=pause").hidden = on;
    this.part("resume").hidden = !on;
    this.part("step=live").toggleAttribute("data-paused", on);
  }

  stop(why) {
    if (why) this.say(why);
    if (this.recorder?.state !== "inactive") this.recorder?.stop();
  }

  /* The browser's own "stop sharing". */
  onEnded() {
    if (this.recorder) this.stop();
    else this.cancel();
  }

  cancel() {
    this.chunks = null;
    this.unkept = null;
    if (this.recorder?.state !== "inactive") this.recorder?.stop();
    this.close();
    this.say();
    this.show("choose");
  }

  stopped() {
    this.recorder = null;
    const chunks = this.chunks;
    this.close();
    if (!chunks?.length) return;
    const bare = this.type.split(";")[0];
    this.unkept = new File(chunks, `note.${bare.split("/")[1]}`, { type: bare });
    const view = this.part("result");
    URL.revokeObjectURL(view.src);
    view.src = URL.createObjectURL(this.unkept);
    this.part("progress").hidden = true;
    this.show("review");
  }

  again() {
    this.unkept = null;
    this.prepare();
  }

  close() {
    clearInterval(this.watching);
    this.mix?.close();
    this.mix = null;
  }

  /* Send it. What went wrong is said, and the recording is still here to be sent again. */
  keep() {
    const body = new FormData();
    body.set("handover", this.dataset.handover);
    body.set("title", this.part("title").value);
    body.set("captions", this.part("captions").value);
    body.set("file", this.unkept, this.unkept.name);
    const call = new XMLHttpRequest();
    const bar = this.part("progress");
    call.open("POST", this.dataset.url);
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("X-CSRFToken", this.querySelector("[name=csrfmiddlewaretoken]").value);
    call.responseType = "json";
    call.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? loaded / total : 0;
    });
    call.addEventListener("loadend", () => this.sent(call.response));
    bar.hidden = false;
    this.part("do=keep").disabled = true;
    this.say(this.dataset.sending);
    call.send(body);
  }

  sent(answer) {
    this.part("do=keep").disabled = false;
    this.part("progress").hidden = true;
    if (!answer?.id) {
      this.say(answer?.error ?? this.dataset.offline);
      return;
    }
    this.unkept = null;
    location.reload();
  }
}

customElements.define("video-note", VideoNote);
