/* <mention-field> around a comment's textarea: "@" offers the members who may see the post.
   Arrows choose, Enter or Tab takes, Escape closes. What it puts in is plain text, as typed. */

const BEFORE = /(?:^|[^A-Za-z0-9._])[@＠]([^\n@＠]{0,40})$/;
const MOST = 6;
let serial = 0;

class MentionField extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.list = document.createElement("ul");
    serial += 1;
    this.list.id = `mention-${serial}`;
    this.list.className = "mention";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.append(this.list);
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.addEventListener("input", () => this.offer());
    this.field.addEventListener("click", () => this.offer());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    // Before the field loses the focus, and with it the caret.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get names() {
    const team = this.closest("[data-talk]")?.querySelectorAll("[data-team] li") ?? [];
    return [...new Set([...team].map((item) => item.textContent))];
  }

  get options() {
    return [...this.list.children];
  }

  get current() {
    return this.list.querySelector('[aria-selected="true"]');
  }

  asked() {
    const { selectionStart, selectionEnd, value } = this.field;
    if (selectionStart !== selectionEnd) return null;
    return value.slice(0, selectionStart).match(BEFORE)?.[1] ?? null;
  }

  offer() {
    const asked = this.asked();
    if (asked === null) {
      this.close();
      return;
    }
    const low = asked.toLowerCase();
    const fits = (name) => [name, ...name.split(/\s+/).slice(1)].some((part) => part.toLowerCase().startsWith(low));
    const found = this.names.filter(fits).slice(0, MOST);
    if (!found.length || found.some((name) => name.toLowerCase() === low)) {
      this.close();
      return;
    }
    this.list.replaceChildren(...found.map((name, at) => this.option(name, at)));
    this.list.hidden = false;
    this.choose(0);
  }

  option(name, at) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${at}`;
    item.setAttribute("role", "option");
    item.textContent = name;
    return item;
  }

  choose(at) {
    this.options.forEach((option, each) => option.setAttribute("aria-selected", String(each === at)));
    this.field.setAttribute("aria-activedescendant", this.options[at].id);
    this.options[at].scrollIntoView({ block: "nearest" });
  }

  close() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.removeAttribute("aria-activedescendant");
  }

  take(option) {
    const end = this.field.selectionStart;
    const start = end - this.asked().length;
    this.field.setRangeText(`${option.textContent} `, start, end, "end");
    this.close();
    this.field.focus();
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.field.form.requestSubmit();
      return;
    }
    if (this.list.hidden) return;
    const at = this.options.indexOf(this.current);
    const count = this.options.length;
    const does = {
      ArrowDown: () => this.choose((at + 1) % count),
      ArrowUp: () => this.choose((at + count - 1) % count),
      Enter: () => this.take(this.current),
      Tab: () => this.take(this.current),
      Escape: () => this.close(),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  }
}

customElements.define("mention-field", MentionField);
