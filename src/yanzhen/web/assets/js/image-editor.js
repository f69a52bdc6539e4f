/* Crops, turns and resizes: <image-editor> around a picture and a plain form
   (library/_editor.html). The frame over the picture and the fields say the same, in pixels of the
   image as shown; the fields are what is sent. Dragging has a key and a field too. */
import { fill } from "./words.js";

const LEAST = 1;
const STEP = 1;
const WIDE_STEP = 10;
const PREVIEW_SIDE = 220;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const between = (value, least, most) => Math.min(Math.max(value, least), most);

class ImageEditor extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form");
    this.picture = this.querySelector("[data-picture]");
    this.frame = this.querySelector("[data-frame]");
    this.canvas = this.querySelector("[data-preview]");
    this.outcome = this.querySelector("[data-outcome]");
    this.fold = this.querySelector("details");
    this.whole = { width: Number(this.dataset.width), height: Number(this.dataset.height) };
    this.ratio = 0;
    this.resized = Boolean(this.field("size_width").value);
    for (const part of this.querySelectorAll("[data-tools]")) part.hidden = false;
    this.canvas.hidden = false;
    this.fold.addEventListener("toggle", () => this.draw());
    this.form.addEventListener("input", (event) => this.onInput(event));
    this.form.addEventListener("click", (event) => this.onClick(event));
    this.frame.addEventListener("pointerdown", (event) => this.onGrab(event));
    this.frame.addEventListener("keydown", (event) => this.onKey(event));
    if (!this.picture.complete) this.picture.addEventListener("load", () => this.draw());
    this.draw();
  }

  field(name) {
    return this.form.elements[name];
  }

  number(name) {
    return Math.round(Number(this.field(name).value)) || 0;
  }

  get crop() {
    const [left, top, width, height] = ["left", "top", "width", "height"].map((name) => this.number(name));
    return { left, top, width, height };
  }

  /** Write a part that lies in the picture into the fields. */
  set crop({ left, top, width, height }) {
    width = between(Math.round(width), LEAST, this.whole.width);
    height = between(Math.round(height), LEAST, this.whole.height);
    this.field("left").value = between(Math.round(left), 0, this.whole.width - width);
    this.field("top").value = between(Math.round(top), 0, this.whole.height - height);
    this.field("width").value = width;
    this.field("height").value = height;
    if (this.resized) this.follow("size_width");
    this.draw();
  }

  /** The size of what comes out before it is resized. */
  get turned() {
    const { width, height } = this.crop;
    return this.number("turn") % 180 ? { width: height, height: width } : { width, height };
  }

  onInput({ target }) {
    if (target.name === "size_width" || target.name === "size_height") {
      this.resized = target.value !== "";
      this.follow(target.name);
    } else if (this.resized) this.follow("size_width");
    this.draw();
  }

  /** Keep the picture's shape: one side of the new size follows the other. */
  follow(name) {
    const other = name === "size_width" ? "size_height" : "size_width";
    const { width, height } = this.turned;
    const share = name === "size_width" ? height / width : width / height;
    const value = this.number(name);
    this.field(other).value = value ? Math.max(LEAST, Math.round(value * share)) : "";
  }

  onClick(event) {
    const button = event.target.closest("button[type=button]");
    if (!button) return;
    const { shape, turn, whole } = button.dataset;
    if (shape) this.take(button);
    if (turn) {
      const now = (this.number("turn") + Number(turn) + 360) % 360;
      this.field("turn").value = String(now);
      if (this.resized) this.follow("size_width");
      this.draw();
    }
    if (whole !== undefined) {
      this.shape(this.querySelector("[data-shape=free]"));
      this.crop = { left: 0, top: 0, ...this.whole };
    }
  }

  shape(button) {
    for (const other of this.querySelectorAll("[data-shape]")) other.setAttribute("aria-pressed", String(other === button));
    const [wide, high] = button.dataset.shape.split(":").map(Number);
    this.ratio = wide && high ? wide / high : 0;
  }

  /** Take a shape: the largest part of that shape around the same middle. */
  take(button) {
    this.shape(button);
    if (!this.ratio) return;
    const { left, top, width, height } = this.crop;
    let wide = Math.min(this.whole.width, Math.max(width, height * this.ratio));
    let high = wide / this.ratio;
    if (high > this.whole.height) {
      high = this.whole.height;
      wide = high * this.ratio;
    }
    this.crop = { left: left + (width - wide) / 2, top: top + (height - high) / 2, width: wide, height: high };
  }

  /** Move the frame, or one corner of it, by so many pixels from where it was. */
  pull(grip, start, across, down) {
    if (grip === "all") {
      this.crop = { ...start, left: start.left + across, top: start.top + down };
      return;
    }
    const west = grip.includes("w");
    const north = grip.includes("n");
    const right = start.left + start.width;
    const bottom = start.top + start.height;
    const mostWide = west ? right : this.whole.width - start.left;
    const mostHigh = north ? bottom : this.whole.height - start.top;
    let width = between(start.width + (west ? -across : across), LEAST, mostWide);
    let height = between(start.height + (north ? -down : down), LEAST, mostHigh);
    if (this.ratio) {
      width = Math.min(Math.max(width, height * this.ratio), mostWide, mostHigh * this.ratio);
      height = width / this.ratio;
    }
    this.crop = { left: west ? right - width : start.left, top: north ? bottom - height : start.top, width, height };
  }

  onGrab(event) {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    grip.focus();
    grip.setPointerCapture(event.pointerId);
    const start = this.crop;
    const scale = this.whole.width / this.picture.getBoundingClientRect().width;
    const from = [event.clientX, event.clientY];
    const move = (at) => this.pull(grip.dataset.grip, start, (at.clientX - from[0]) * scale, (at.clientY - from[1]) * scale);
    const end = () => grip.removeEventListener("pointermove", move);
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", end, { once: true });
  }

  onKey(event) {
    const grip = event.target.closest("[data-grip]");
    const way = KEYS[event.key];
    if (!grip || !way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? WIDE_STEP : STEP;
    this.pull(grip.dataset.grip, this.crop, way[0] * step, way[1] * step);
  }

  draw() {
    const { left, top, width, height } = this.crop;
    this.frame.hidden = !this.fold.open;
    const place = { "--left": left / this.whole.width, "--top": top / this.whole.height, "--wide": width / this.whole.width, "--high": height / this.whole.height };
    for (const [name, value] of Object.entries(place)) this.frame.style.setProperty(name, value);
    this.tell();
    this.preview();
  }

  tell() {
    const { width, height } = this.turned;
    const [wide, high] = this.resized ? [this.number("size_width"), this.number("size_height")] : [width, height];
    const { left, top } = this.crop;
    const same = !left && !top && !this.number("turn") && wide === this.whole.width && high === this.whole.height;
    this.outcome.textContent = same ? this.dataset.same : fill(this.dataset.result, { width: wide, height: high });
  }

  preview() {
    const { left, top, width, height } = this.crop;
    if (!this.fold.open || !this.picture.naturalWidth || !width || !height) return;
    const turn = this.number("turn");
    const small = this.turned;
    const scale = Math.min(1, PREVIEW_SIDE / Math.max(small.width, small.height));
    this.canvas.width = Math.max(LEAST, Math.round(small.width * scale));
    this.canvas.height = Math.max(LEAST, Math.round(small.height * scale));
    const ink = this.canvas.getContext("2d");
    ink.translate(this.canvas.width / 2, this.canvas.height / 2);
    ink.rotate((turn * Math.PI) / 180);
    ink.drawImage(this.picture, left, top, width, height, (-width * scale) / 2, (-height * scale) / 2, width * scale, height * scale);
  }
}

customElements.define("image-editor", ImageEditor);
