/* One picture and one voice out of what is recorded together: the screen with the camera in its
   corner, either of them alone, or the voice with its level drawn. Everything is drawn on one
   canvas and heard through one mixer, so that a device can be changed or lost while it records. */

const RATE = 15;
const WIDTH = 1280;
const HEIGHT = 720;
const CORNER = 0.22;
const MARGIN = 16;

/* A stream as a video that plays, for drawing; it is never shown. */
async function playing(stream) {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  return video;
}

/* The largest size of the same shape within the limits, even as encoders want it. */
function within(width, height) {
  const scale = Math.min(1, WIDTH / width, HEIGHT / height);
  return [width, height].map((side) => Math.max(2, Math.round((side * scale) / 2) * 2));
}

export class Mix extends EventTarget {
  /* what: both, screen, camera or voice; devices: {camera, microphone} by their ids, or empty. */
  constructor(what, devices = {}) {
    super();
    Object.assign(this, { what, devices, streams: [], sources: [], level: 0 });
    this.canvas = document.createElement("canvas");
  }

  get wantsScreen() {
    return this.what === "both" || this.what === "screen";
  }

  get wantsCamera() {
    return this.what === "both" || this.what === "camera";
  }

  /* Ask for everything and begin to draw. Raises what the browser raises, with nothing left open. */
  async open() {
    try {
      if (this.wantsScreen) this.screen = await this.openScreen();
      await this.openPerson();
    } catch (error) {
      this.close();
      throw error;
    }
    const [shown] = [this.screen, this.camera].filter(Boolean);
    [this.canvas.width, this.canvas.height] = shown ? within(shown.videoWidth || WIDTH, shown.videoHeight || HEIGHT) : [640, 360];
    this.pen = this.canvas.getContext("2d", { alpha: false });
    this.draw();
    this.tick();
  }

  /* Take another camera or microphone; the screen that was given stays. */
  async change(devices) {
    const [own, kept] = [this.streams.filter((each) => each !== this.screen?.srcObject), this.streams.filter((each) => each === this.screen?.srcObject)];
    own.forEach((stream) => stream.getTracks().forEach((track) => track.stop()));
    Object.assign(this, { devices, streams: kept, camera: null, voice: null });
    await this.openPerson();
  }

  async openPerson() {
    if (this.wantsCamera) this.camera = await playing(await this.user({ video: this.device("camera") }));
    this.voice = await this.openVoice();
    this.listen();
  }

  async openScreen() {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: RATE }, audio: true });
    this.streams.push(stream);
    stream.getVideoTracks()[0].addEventListener("ended", () => this.dispatchEvent(new Event("ended")));
    return playing(stream);
  }

  /* A silent screen is worth something; a voice without a microphone is nothing. */
  async openVoice() {
    const asked = this.user({ audio: this.device("microphone") });
    return this.what === "voice" ? asked : asked.catch(() => null);
  }

  device(kind) {
    return this.devices[kind] ? { deviceId: { exact: this.devices[kind] } } : true;
  }

  async user(wanted) {
    const stream = await navigator.mediaDevices.getUserMedia(wanted);
    this.streams.push(stream);
    return stream;
  }

  listen() {
    if (!this.sound) {
      this.sound = new AudioContext();
      this.sound.resume();
      this.mixed = this.sound.createMediaStreamDestination();
      this.meter = this.sound.createAnalyser();
      this.meter.fftSize = 256;
    }
    this.sources.forEach((source) => source.disconnect());
    this.sources = this.streams
      .filter((stream) => stream.getAudioTracks().length)
      .map((stream) => {
        const source = this.sound.createMediaStreamSource(stream);
        source.connect(this.mixed);
        if (stream === this.voice) source.connect(this.meter);
        return source;
      });
  }

  /* Timers and frames sleep in a tab behind others, and sound does not: so sound keeps the time. */
  tick() {
    if (!this.sound) return;
    const beat = this.sound.createConstantSource();
    beat.addEventListener("ended", () => {
      this.draw();
      this.tick();
    });
    beat.start();
    beat.stop(this.sound.currentTime + 1 / RATE);
  }

  draw() {
    if (!this.pen) return;
    this.level = this.heard();
    const { width, height } = this.canvas;
    if (this.screen) {
      this.pen.drawImage(this.screen, 0, 0, width, height);
      if (this.camera) this.drawCorner(width, height);
    } else if (this.camera) this.pen.drawImage(this.camera, 0, 0, width, height);
    else this.drawVoice(width, height);
  }

  drawCorner(width, height) {
    const wide = width * CORNER;
    const high = (wide * (this.camera.videoHeight || 3)) / (this.camera.videoWidth || 4);
    const [left, top] = [width - wide - MARGIN, height - high - MARGIN];
    this.pen.save();
    this.pen.beginPath();
    this.pen.roundRect(left, top, wide, high, 12);
    this.pen.clip();
    this.pen.drawImage(this.camera, left, top, wide, high);
    this.pen.restore();
  }

  drawVoice(width, height) {
    this.pen.fillStyle = "#1c2433";
    this.pen.fillRect(0, 0, width, height);
    this.pen.fillStyle = "#8fb8dd";
    const high = Math.max(4, this.level * height * 0.6);
    this.pen.fillRect(width / 2 - 24, (height - high) / 2, 48, high);
  }

  /* How loud the voice is, 0 to 1. */
  heard() {
    if (!this.voice) return 0;
    const samples = new Uint8Array(this.meter.fftSize);
    this.meter.getByteTimeDomainData(samples);
    return Math.min(1, samples.reduce((most, sample) => Math.max(most, Math.abs(sample - 128)), 0) / 100);
  }

  /* What a recorder takes. */
  get stream() {
    return new MediaStream([...this.canvas.captureStream(RATE).getVideoTracks(), ...this.mixed.stream.getAudioTracks()]);
  }

  close() {
    this.streams.forEach((stream) => stream.getTracks().forEach((track) => track.stop()));
    this.sound?.close();
    Object.assign(this, { streams: [], sound: null, pen: null });
  }
}
