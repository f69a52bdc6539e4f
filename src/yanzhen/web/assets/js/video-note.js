/* Records the screen with the voice, or the camera with it, and hangs the recording on a log.
   Nothing leaves the browser before "stop and keep". Without MediaRecorder, or without the leave to
   record, the form below takes a file. Limits come from the element; the server has its own. */

const TYPES = ["video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const BITS_A_SECOND = 1_500_000;

class VideoNote extends HTMLElement {
  connectedCallback() {
    this.type = TYPES.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
    if (!this.type || !navigator.mediaDevices) return;
    this.part("record").hidden = false;
    this.part("start=screen").hidden = !navigator.mediaDevices.getDisplayMedia;
    this.addEventListener("click", (event) => this.onClick(event));
  }

  disconnectedCallback() {
    this.end();
  }

  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  onClick({ target }) {
    const start = target.closest("[data-start]");
    if (start) this.start(start.dataset.start);
    else if (target.closest("[data-stop]")) this.recorder?.stop();
    else if (target.closest("[data-drop]")) this.drop();
  }

  async start(what) {
    this.say("");
    try {
      this.streams = await this.open(what);
    } catch {
      this.end();
      this.say(this.dataset.denied);
      return;
    }
    const [shown] = this.streams;
    const tracks = [...shown.getVideoTracks(), ...this.streams.flatMap((s) => s.getAudioTracks()).slice(0, 1)];
    this.chunks = [];
    this.bytes = 0;
    this.recorder = new MediaRecorder(new MediaStream(tracks), {
      mimeType: this.type,
      videoBitsPerSecond: BITS_A_SECOND,
    });
    this.recorder.addEventListener("dataavailable", ({ data }) => this.take(data));
    this.recorder.addEventListener("stop", () => this.send());
    shown.getVideoTracks()[0].addEventListener("ended", () => this.recorder?.state === "recording" && this.recorder.stop());
    this.show(shown);
    this.recorder.start(1000);
  }

  /* The picture first, then the voice, which may be missing: a silent screen is worth something. */
  async open(what) {
    const devices = navigator.mediaDevices;
    if (what === "camera") return [await devices.getUserMedia({ video: true, audio: true })];
    const screen = await devices.getDisplayMedia({ video: { frameRate: 15 }, audio: false });
    this.streams = [screen];
    const voice = await devices.getUserMedia({ audio: true }).catch(() => null);
    return voice ? [screen, voice] : [screen];
  }

  show(stream) {
    this.part("record").hidden = true;
    this.part("live").hidden = false;
    const preview = this.part("preview");
    preview.srcObject = stream;
    preview.play();
    this.since = Date.now();
    this.ticking = setInterval(() => this.tick(), 500);
    this.part("stop").focus();
  }

  tick() {
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    this.part("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= Number(this.dataset.mostSeconds)) this.recorder.stop();
  }

  take(data) {
    if (!data.size) return;
    this.bytes += data.size;
    if (this.bytes > Number(this.dataset.mostBytes)) {
      this.say(this.dataset.large);
      this.recorder.stop();
      return;
    }
    this.chunks.push(data);
  }

  drop() {
    this.chunks = null;
    this.recorder?.stop();
  }

  end() {
    clearInterval(this.ticking);
    this.streams?.forEach((stream) => stream.getTracks().forEach((track) => track.stop()));
    this.streams = null;
    if (!this.isConnected) return;
    this.part("live").hidden = true;
    this.part("record").hidden = false;
  }

  async send() {
    const chunks = this.chunks;
    this.recorder = null;
    this.end();
    if (!chunks?.length) return;
    const bare = this.type.split(";")[0];
    const name = `note.${bare.split("/")[1]}`;
    const body = new FormData();
    body.set("handover", this.dataset.handover);
    body.set("file", new File(chunks, name, { type: bare }), name);
    this.say(this.dataset.sending);
    const headers = { Accept: "application/json", "X-CSRFToken": this.querySelector("[name=csrfmiddlewaretoken]").value };
    let answer = null;
    try {
      answer = await (await fetch(this.dataset.url, { method: "POST", body, headers })).json();
    } catch {
      /* The line is gone, or a page came instead of an answer. */
    }
    if (answer?.id) location.reload();
    else this.say(answer?.error ?? this.dataset.offline);
  }

  say(words) {
    this.part("said").textContent = words;
  }
}

customElements.define("video-note", VideoNote);
