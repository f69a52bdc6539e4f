/* Offers texts to use again in a dialog: agreed lines and templates, or ends of posts. Asks for what
   stands in {braces}, and hands the words to the editor, which knows where to put them. */

const BLANK = /\{([^{}\n]{1,40})\}/g;
const TYPING_MS = 250;

export class TextPicker {
  constructor(editor, name, onPick) {
    this.dialog = editor.querySelector(`[data-${name}]`);
    this.place = this.dialog.querySelector("[data-texts-place]");
    this.searching = this.dialog.querySelector("[data-texts-search]");
    this.search = this.searching.querySelector("input");
    this.blanks = this.dialog.querySelector("[data-texts-blanks]");
    this.onPick = onPick;
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(), TYPING_MS);
    });
    this.place.addEventListener("click", (event) => this.onClick(event));
    this.blanks.addEventListener("submit", (event) => this.onBlanks(event));
    // What is typed here is not the post's; the editor around the dialog need not hear of it.
    this.dialog.addEventListener("input", (event) => event.stopPropagation());
    this.dialog.addEventListener("keydown", (event) => this.onKey(event));
    this.dialog.addEventListener("close", () => this.field?.focus());
  }

  async open(field) {
    this.field = field;
    this.caret = [field.selectionStart, field.selectionEnd];
    this.search.value = "";
    this.show(false);
    if (await this.load()) {
      this.dialog.showModal();
      this.search.focus();
    }
  }

  show(asking) {
    this.blanks.hidden = !asking;
    this.place.hidden = asking;
    this.searching.hidden = asking;
  }

  async load() {
    const query = this.search.value;
    try {
      const answer = await fetch(`${this.dialog.dataset.url}&q=${encodeURIComponent(query)}`);
      if (!answer.ok || answer.redirected) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (query !== this.search.value) return false;
      this.place.replaceChildren(...page.body.children);
      return true;
    } catch {
      return false;
    }
  }

  texts() {
    return [...this.place.querySelectorAll("[data-text]")];
  }

  /** Arrow keys walk the list from the search field and back. */
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && event.target === this.search) {
      event.preventDefault();
      this.texts()[0]?.click();
    }
    if (!step || this.place.hidden) return;
    event.preventDefault();
    const all = [this.search, ...this.texts()];
    all[Math.max(0, all.indexOf(document.activeElement) + step)]?.focus();
  }

  onClick(event) {
    const chosen = event.target.closest("[data-text]");
    if (!chosen) return;
    this.body = chosen.dataset.body;
    const names = [...new Set([...this.body.matchAll(BLANK)].map((found) => found[1].trim()))];
    if (!names.length) {
      this.insert(this.body);
      return;
    }
    this.blanks.querySelector("[data-blanks]").replaceChildren(...names.map((name) => this.blank(name)));
    this.show(true);
    this.blanks.querySelector("input").focus();
  }

  blank(name) {
    const label = document.createElement("label");
    label.className = "field";
    const words = document.createElement("span");
    words.className = "field__label";
    words.textContent = name;
    const input = document.createElement("input");
    input.className = "input";
    input.dataset.blank = name;
    input.required = true;
    label.append(words, input);
    return label;
  }

  onBlanks(event) {
    event.preventDefault();
    event.stopPropagation();
    const said = new Map([...this.blanks.querySelectorAll("[data-blank]")].map((each) => [each.dataset.blank, each.value]));
    this.insert(this.body.replace(BLANK, (_all, name) => said.get(name.trim())));
  }

  insert(text) {
    this.dialog.close();
    this.onPick(this.field, text, this.caret);
  }
}
