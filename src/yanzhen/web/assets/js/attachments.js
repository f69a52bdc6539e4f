/* What hangs on each post of the thread: files and polls. Files come by button, drop, paste or from
   the library, move by button and drag, and go with a way back. The DOM is what is saved. */
import Sortable from "sortablejs";
import { MediaPicker } from "./media_picker.js";
import { poll, putPoll } from "./poll_editor.js";
import { said } from "./said.js";
import { upload } from "./upload.js";
import { fill } from "./words.js";

const MOST_IMAGES = 4;

export class Attachments {
  constructor(editor) {
    this.editor = editor;
    this.shot = editor.querySelector("[data-shot-pattern]").content.querySelector("[data-shot]");
    this.input = editor.querySelector("[data-file]");
    this.picker = new MediaPicker(editor, (item, file) => this.hang(item, file));
    this.busy = 0;
    editor.addEventListener("click", (event) => this.onClick(event));
    editor.addEventListener("paste", (event) => this.onPaste(event));
    editor.addEventListener("dragover", (event) => this.onDrag(event));
    editor.addEventListener("dragleave", (event) => this.boxOf(event)?.removeAttribute("data-drop"));
    editor.addEventListener("drop", (event) => this.onDrop(event));
    this.input.addEventListener("change", () => {
      this.take(this.waiting, [...this.input.files]);
      this.input.value = "";
    });
    addEventListener("beforeunload", (event) => this.busy && event.preventDefault());
  }

  listOf(item) {
    return item.querySelector("[data-hang-list]");
  }

  shots(item) {
    return [...this.listOf(item).querySelectorAll("[data-shot]")];
  }

  boxOf(event) {
    return event.target.closest?.(".draft")?.querySelector(".draft__box");
  }

  any(item) {
    return this.listOf(item).children.length > 0 || Boolean(poll(item));
  }

  /** Files may be put in order by dragging their picture. */
  join(item) {
    Sortable.create(this.listOf(item), {
      handle: "[data-picture]",
      draggable: "[data-shot]",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 110,
      onEnd: ({ oldIndex, newIndex }) => oldIndex !== newIndex && this.changed(item),
    });
  }

  /** Leave nothing on a post that others are copied from. */
  strip(item) {
    this.listOf(item).replaceChildren();
    this.listOf(item).hidden = true;
    putPoll(this.editor, item, null);
  }

  /** What hangs on a post, as it is saved. */
  extra(item) {
    const media = this.shots(item).map((shot) => ({
      media: Number(shot.dataset.media),
      alt: shot.querySelector("textarea").value,
      kind: shot.dataset.kind,
      name: shot.querySelector("[data-name]").textContent,
    }));
    const asked = poll(item);
    return { ...(media.length ? { media } : {}), ...(asked ? { poll: asked } : {}) };
  }

  /** The other way round, for words that come back. */
  put(item, extra) {
    for (const { media, ...rest } of extra.media ?? []) this.append(item, { id: media, ...rest });
    if (extra.poll) putPoll(this.editor, item, extra.poll);
  }

  /** Why a file of that kind cannot be added, "" when it can. */
  refusal(item, kind) {
    if (poll(item)) return said.poll_alone;
    const kinds = [...this.listOf(item).children].map((row) => row.dataset.kind);
    const alone = kind !== "image" || kinds.some((each) => each !== "image");
    return kinds.length >= MOST_IMAGES || (alone && kinds.length) ? said.one_kind : "";
  }

  choose(item) {
    this.waiting = item;
    this.input.click();
  }

  pick(item, opener) {
    this.picker.open(item, opener);
  }

  onPaste(event) {
    const item = event.target.closest(".draft");
    const files = [...(event.clipboardData?.files ?? [])];
    if (!item || !files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    this.take(item, files);
  }

  onDrag(event) {
    if (!event.dataTransfer.types.includes("Files") || !event.target.closest(".draft")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.boxOf(event).setAttribute("data-drop", "");
  }

  onDrop(event) {
    const item = event.target.closest(".draft");
    const files = [...event.dataTransfer.files];
    this.boxOf(event)?.removeAttribute("data-drop");
    if (!item || !files.length) return;
    event.preventDefault();
    this.take(item, files);
  }

  /** Send files to the library and hang them on; each has its place from the start. */
  take(item, files) {
    this.trouble(item, "");
    for (const file of files) {
      const kind = file.type.startsWith("video/") ? "video" : file.type === "image/gif" ? "gif" : "image";
      // A GIF that does not move is an image, which only the server can tell.
      const why = this.refusal(item, kind === "gif" ? "image" : kind);
      if (why) {
        this.trouble(item, why);
        return;
      }
      this.send(item, file, kind);
    }
  }

  async send(item, file, kind) {
    const row = document.createElement("li");
    row.className = "hung hung--busy";
    row.dataset.kind = kind === "video" ? "video" : "image";
    const words = document.createElement("p");
    words.className = "text-s quiet";
    words.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 100;
    row.append(words, bar);
    this.listOf(item).append(row);
    this.listOf(item).hidden = false;
    this.busy += 1;
    const { answer, error } = await upload(this.editor.dataset.upload, file, (percent) => {
      words.textContent = percent < 100 ? fill(said.uploading, { percent }).replaceAll("%%", "%") : said.upload_checking;
      if (percent < 100) bar.value = percent;
      else bar.removeAttribute("value");
    });
    this.busy -= 1;
    row.remove();
    if (error) {
      this.trouble(item, fill(said.upload_failed, { name: file.name, why: error }));
      this.changed(item);
    } else this.hang(item, answer);
  }

  /** Hang one file of the library on a post; false when there is no room. */
  hang(item, file) {
    const why = this.refusal(item, file.kind);
    this.trouble(item, why);
    if (why) return false;
    this.append(item, file);
    this.editor.say(fill(said.attached, { number: this.editor.items().indexOf(item) + 1 }));
    this.changed(item);
    return true;
  }

  append(item, file) {
    const shot = this.shot.cloneNode(true);
    shot.dataset.media = file.id;
    shot.dataset.kind = file.kind;
    shot.querySelector("input[type=hidden]").value = file.id;
    shot.querySelector("[data-name]").textContent = file.name;
    shot.querySelector("textarea").value = file.alt ?? "";
    shot.querySelector("[data-alt-field]").hidden = file.kind === "video";
    shot.querySelector("[data-subtitles]").hidden = file.kind !== "video";
    const edit = shot.querySelector("[data-edit]");
    edit.hidden = file.kind !== "image";
    edit.href = edit.getAttribute("href").replace("/media/0/", `/media/${file.id}/`);
    const page = shot.querySelector("[data-page]");
    page.href = page.getAttribute("href").replace(/0\/$/, `${file.id}/`);
    shot.querySelector("[data-picture]").replaceChildren(picture(file, page.href));
    this.listOf(item).append(shot);
    this.order(item);
  }

  /** Buttons that move a file are shown where there is something to move past. */
  order(item) {
    const shots = this.shots(item);
    this.listOf(item).hidden = !this.listOf(item).children.length;
    shots.forEach((shot, at) => {
      const [earlier, later] = ["earlier", "later"].map((way) => shot.querySelector(`[data-hang=${way}]`));
      earlier.hidden = later.hidden = shots.length === 1;
      earlier.disabled = at === 0;
      later.disabled = at === shots.length - 1;
    });
  }

  changed(item) {
    this.order(item);
    this.editor.changed();
  }

  trouble(item, words) {
    const line = item.querySelector("[data-hang-trouble]");
    line.hidden = !words;
    line.textContent = words;
  }

  onClick(event) {
    const button = event.target.closest("[data-hang]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest(".draft");
    const shot = button.closest("[data-shot]");
    this.trouble(item, "");
    const does = {
      earlier: () => this.step(item, shot, shot.previousElementSibling, button),
      later: () => this.step(item, shot.nextElementSibling, shot, button),
      off: () => this.takeOff(item, shot, fill(said.taken_off, { name: shot.querySelector("[data-name]").textContent })),
      nopoll: () => this.takeOff(item, item.querySelector("[data-poll]"), said.poll_off),
    };
    does[button.dataset.hang]();
  }

  /** Put ``first`` before ``second``, and stay on the button. */
  step(item, first, second, button) {
    if (!first || !second) return;
    second.before(first);
    this.changed(item);
    if (button.disabled) button.closest("[data-shot]").querySelector("[data-hang]:not([disabled])")?.focus();
    else button.focus();
  }

  addPoll(item) {
    if (this.shots(item).length) {
      this.trouble(item, said.media_alone);
      return;
    }
    putPoll(this.editor, item, { options: [], minutes: 1440 });
    this.changed(item);
    item.querySelector("[data-choice]").focus();
  }

  /** Take a file or the poll off and leave a line that brings it back. */
  takeOff(item, part, words) {
    const line = document.createElement(part.matches("li") ? "li" : "div");
    line.className = "hang__gone notice";
    const text = document.createElement("span");
    text.className = "grow";
    text.textContent = words;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn--s";
    undo.dataset.key = "z";
    undo.textContent = said.undo;
    undo.addEventListener("click", () => {
      line.replaceWith(part);
      this.changed(item);
      part.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    line.append(text, undo);
    part.replaceWith(line);
    this.editor.say(words);
    undo.focus();
    this.changed(item);
  }
}

/** A small picture of a file; a video shows its own first one. */
function picture(file, page) {
  if (file.kind !== "video") {
    const image = new Image();
    image.alt = "";
    image.src = file.thumbnail || `${page}thumbnail/`;
    return image;
  }
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "metadata";
  video.src = `${file.url || `${page}file/`}#t=0.1`;
  return video;
}
