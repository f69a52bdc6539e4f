/* Chooses files of the library in a dialog, page by page (planning/attach.html?part=tiles). */

export class MediaPicker {
  constructor(editor, onPick) {
    this.dialog = editor.querySelector("[data-picker]");
    this.place = this.dialog.querySelector("[data-picker-place]");
    this.url = editor.dataset.attach;
    this.onPick = onPick;
    this.place.addEventListener("click", (event) => this.onClick(event));
    this.place.addEventListener("submit", (event) => this.onSearch(event));
    this.dialog.addEventListener("close", () => this.opener?.focus());
  }

  async open(item, opener) {
    this.item = item;
    this.opener = opener;
    if (await this.load("?part=tiles")) this.dialog.showModal();
    else location.assign(this.url);
  }

  async load(query) {
    try {
      const answer = await fetch(this.url + query, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.place.replaceChildren(...page.body.children);
      return true;
    } catch {
      return false;
    }
  }

  async onSearch(event) {
    if (!event.target.matches("[data-picker-search]")) return;
    event.preventDefault();
    const words = new FormData(event.target).get("q");
    await this.load(`?part=tiles&q=${encodeURIComponent(words)}`);
    this.place.querySelector("input[type=search]")?.focus();
  }

  onClick(event) {
    const tile = event.target.closest("[data-pick]");
    const link = event.target.closest(".pager a");
    if (link) {
      event.preventDefault();
      this.load(link.search);
    }
    if (!tile) return;
    event.preventDefault();
    const { kind, name, alt, thumbnail, url } = tile.dataset;
    const taken = this.onPick(this.item, { id: Number(tile.value), kind, name, alt, thumbnail, url });
    if (!taken || kind !== "image") this.dialog.close();
    else tile.setAttribute("aria-pressed", "true");
  }
}
