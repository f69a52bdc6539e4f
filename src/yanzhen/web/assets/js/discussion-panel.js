/* <discussion-panel> holds the discussions of a post. It keeps words being typed when it fetches
   itself, lets a comment begin at the words selected in the text, and shows a passage there. */

const FIELD = ".thread textarea";
const READ = ".thread .draft__read";

class DiscussionPanel extends HTMLElement {
  connectedCallback() {
    this.picked = null;
    this.addEventListener("htmx:configRequest", (event) => this.onRequest(event));
    this.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.requestConfig?.elt === this && this.busy) event.detail.shouldSwap = false;
    });
    this.addEventListener("htmx:afterSettle", (event) => this.onSettled(event));
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("mousedown", (event) => {
      // The press must not undo the selection it is about.
      if (event.target.closest("[data-pick]")) event.preventDefault();
    });
    this.addEventListener("toggle", (event) => this.onToggle(event), { capture: true });
    document.addEventListener("selectionchange", this.onSelection);
    document.addEventListener("scroll", this.hidePick, { capture: true, passive: true });
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this.onSelection);
    document.removeEventListener("scroll", this.hidePick, { capture: true });
  }

  get busy() {
    const fields = [...this.querySelectorAll("textarea")];
    return fields.some((field) => field.value !== field.defaultValue) || Boolean(this.querySelector("details[open]"));
  }

  get pick() {
    return this.querySelector("[data-pick]");
  }

  /** Its own fetches, and answers to its forms, show the state that is looked at. */
  onRequest({ detail }) {
    if (detail.elt === this) detail.parameters.show = this.querySelector("[data-talk]")?.dataset.talk ?? "open";
  }

  /** What was pressed is gone with the old panel: go on where one was. */
  onSettled({ detail }) {
    const sent = detail.requestConfig?.elt;
    if (sent === this) {
      if (!this.arrived) this.arrive();
      return;
    }
    if (document.activeElement !== document.body) return;
    const alert = this.querySelector("[role=alert]");
    const again = alert?.closest("form, article")?.querySelector("textarea[name=body]");
    (again ?? this.querySelector("#talk-h"))?.focus();
  }

  /** An address may lead to one discussion, which was not there when the page was. */
  arrive() {
    this.arrived = true;
    const goal = /^#(thread|comment)-\d+$/.test(location.hash) ? this.querySelector(location.hash) : null;
    goal?.scrollIntoView({ block: "center" });
  }

  /** Where the words are that are selected now: in the text that is read, or in a field of it. */
  selected() {
    const field = document.activeElement;
    if (field?.matches(FIELD) && field.selectionStart !== field.selectionEnd) {
      const quote = field.value.slice(field.selectionStart, field.selectionEnd);
      return this.passage(field, quote, field.getBoundingClientRect());
    }
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    const text = (around.nodeType === Node.TEXT_NODE ? around.parentElement : around).closest(READ);
    return text ? this.passage(text, selection.toString(), range.getBoundingClientRect()) : null;
  }

  passage(element, quote, box) {
    const number = [...document.querySelectorAll(".thread > .draft")].indexOf(element.closest(".draft")) + 1;
    return quote.trim() ? { quote: quote.trim(), number, box } : null;
  }

  onSelection = () => {
    if (!this.pick || this.contains(document.activeElement)) return;
    const found = this.selected();
    this.picked = found;
    if (!found) {
      this.hidePick();
      return;
    }
    this.pick.showPopover();
    const { width, height } = this.pick.getBoundingClientRect();
    const left = Math.min(Math.max(found.box.left, 8), innerWidth - width - 8);
    const top = found.box.bottom + 6 + height > innerHeight ? found.box.top - height - 6 : found.box.bottom + 6;
    this.pick.style.left = `${left}px`;
    this.pick.style.top = `${Math.max(top, 8)}px`;
  };

  hidePick = () => {
    if (this.pick?.matches(":popover-open")) this.pick.hidePopover();
  };

  onClick(event) {
    const passage = event.target.closest("[data-passage]");
    if (passage) this.show(event, passage);
    else if (event.target.closest("[data-pick]")) this.begin();
  }

  begin() {
    const form = this.querySelector("[data-new]");
    this.hidePick();
    if (form.open) this.fill(form);
    else form.open = true;
  }

  onToggle({ target }) {
    if (!target.open || !target.matches?.("details")) return;
    if (target.matches("[data-new]")) this.fill(target);
    else target.querySelector("textarea")?.focus();
  }

  fill(details) {
    const form = details.querySelector("form");
    const found = this.picked;
    if (found) {
      form.elements.quote.value = found.quote;
      if (form.elements.segment) form.elements.segment.value = String(found.number);
    }
    this.picked = null;
    form.elements.body.focus();
  }

  /** Select the passage in the text, where the page has the text. */
  show(event, link) {
    const draft = document.querySelectorAll(".thread > .draft")[Number(link.dataset.passage) - 1];
    const text = draft?.querySelector("textarea, .draft__read");
    if (!text) return;
    event.preventDefault();
    const quote = link.closest("article").querySelector("blockquote").textContent;
    const words = text.matches("textarea") ? text.value : text.textContent;
    const loose = quote.split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
    const found = words.match(new RegExp(loose));
    text.scrollIntoView({ block: "center" });
    if (!found) return;
    const end = found.index + found[0].length;
    if (text.matches("textarea")) {
      text.focus();
      text.setSelectionRange(found.index, end);
    } else {
      const range = new Range();
      range.setStart(text.firstChild, found.index);
      range.setEnd(text.firstChild, end);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    this.hidePick();
  }
}

customElements.define("discussion-panel", DiscussionPanel);
