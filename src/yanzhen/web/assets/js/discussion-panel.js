/* <discussion-panel> holds the discussions of a post. It carries words being typed over whenever
   its content is replaced, lets a comment begin at the words selected in the text, and shows a passage there. The
   text is that of the composer, or of the reviewer's desk, where what was taken out stands in it. */

const FIELD = ".thread textarea";
const READ = ".thread .draft__read, .reviewer__posts > [data-text] > .diff";
const SEGMENTS = ".thread > .draft, .reviewer__posts > [data-text]";

/** The text nodes of what stands there now. */
function nodesOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("del")) nodes.push(walker.currentNode);
  return nodes;
}

/** The node and the place in it where a count of characters ends. */
function placeIn(nodes, count) {
  let left = count;
  for (const node of nodes) {
    if (left <= node.length) return [node, left];
    left -= node.length;
  }
  return [nodes.at(-1), nodes.at(-1).length];
}

const TYPED = "textarea, select";

/** What a form is about, the same before and after the panel's content is replaced. */
function placeOf(details) {
  return details.closest(".comment, .said")?.id ?? "new";
}

class DiscussionPanel extends HTMLElement {
  connectedCallback() {
    this.picked = null;
    this.addEventListener("htmx:configRequest", (event) => this.onRequest(event));
    this.words = new Map();
    this.reopened = new WeakSet();
    this.addEventListener("htmx:beforeSwap", (event) => this.onSwap(event));
    this.addEventListener("htmx:afterSwap", () => this.putBack());
    this.addEventListener("compositionstart", () => (this.composing = true));
    this.addEventListener("compositionend", () => this.onComposed());
    this.addEventListener("htmx:afterSettle", (event) => this.onSettled(event));
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("keydown", (event) => this.onKey(event));
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

  get pick() {
    return this.querySelector("[data-pick]");
  }

  get list() {
    return this.querySelector("list-cursor");
  }

  get heading() {
    return this.querySelector("#talk-h");
  }

  /** A field that goes away in the middle of a character takes that with it: fetch again later. */
  onSwap(event) {
    const sent = event.detail.requestConfig?.elt;
    if (sent === this && this.composing) {
      event.detail.shouldSwap = false;
      this.owed = true;
    } else if (event.detail.shouldSwap) {
      this.composing = false;
      this.owed = false;
      this.takeAlong(sent);
    }
  }

  onComposed() {
    this.composing = false;
    if (!this.owed) return;
    this.owed = false;
    // What the composition wrote reaches the field after this event.
    setTimeout(() => this.dispatchEvent(new CustomEvent("again")));
  }

  /** Remember what is typed and opened, but for the form that was sent: its answer says what is
      left of that. Words in a discussion that is not shown meanwhile wait for it. */
  takeAlong(sent) {
    const active = this.contains(document.activeElement) ? document.activeElement : null;
    const left = { unfolded: [], focused: null, row: sent === this ? active?.closest("[id]")?.id : null };
    for (const details of this.querySelectorAll("details")) {
      const own = sent !== this && details.contains(sent);
      const place = placeOf(details);
      if (details.open && !own) left.unfolded.push(place);
      for (const field of details.querySelectorAll(TYPED)) {
        const key = `${place} ${field.name}`;
        const before = details.matches("[data-change]") ? field.defaultValue : "";
        if (own || field.value === before) this.words.delete(key);
        else this.words.set(key, field.value);
        if (field === active && !own) left.focused = { key, start: field.selectionStart, end: field.selectionEnd };
      }
    }
    this.left = left;
  }

  /** The new content has arrived, in as many pieces as it says so: go on with the first. */
  putBack() {
    const { left } = this;
    if (!left) return;
    this.left = null;
    for (const details of this.querySelectorAll("details")) {
      const place = placeOf(details);
      const fields = [...details.querySelectorAll(TYPED)];
      const typed = fields.filter((field) => this.words.has(`${place} ${field.name}`));
      for (const field of typed) field.value = this.words.get(`${place} ${field.name}`);
      if (!details.open && (typed.length || left.unfolded.includes(place))) {
        this.reopened.add(details);
        details.open = true;
      }
      const field = fields.find((each) => `${place} ${each.name}` === left.focused?.key);
      field?.focus({ preventScroll: true });
      if (field?.matches("textarea")) field.setSelectionRange(left.focused.start, left.focused.end);
    }
    if (left.row && !left.focused) this.querySelector(`#${left.row}`)?.focus({ preventScroll: true });
  }

  /** Its own fetches, and answers to its forms, show the state that is looked at. */
  onRequest({ detail }) {
    if (detail.elt !== this) this.row = this.list?.rows().indexOf(detail.elt.closest("article")) ?? -1;
    if (detail.elt === this) detail.parameters.show = this.querySelector("[data-talk]")?.dataset.talk ?? "open";
  }

  /** What was pressed is gone with the old panel: go on where one was. */
  onSettled({ detail }) {
    const sent = detail.requestConfig?.elt;
    if (sent === this) {
      if (!this.arrived) this.arrive();
      return;
    }
    if (this.sought) {
      this.goal?.scrollIntoView({ block: "center" });
      this.sought = false;
    }
    if (document.activeElement !== document.body) return;
    const alert = this.querySelector("[role=alert]");
    const again = alert?.closest("form, article")?.querySelector("textarea[name=body]");
    if (again) again.focus();
    else if (this.row >= 0 && this.list) this.list.go(Math.min(this.row, this.list.rows().length - 1));
    else this.heading?.focus();
  }

  get goal() {
    return /^#(thread|comment)-\d+$/.test(location.hash) ? this.querySelector(location.hash) : null;
  }

  /** An address may lead to one discussion, which was not there when the page was, and which may be
      resolved by now. */
  arrive() {
    this.arrived = true;
    if (this.goal) this.goal.scrollIntoView({ block: "center" });
    else if (/^#(thread|comment)-/.test(location.hash)) {
      const resolved = this.querySelector('a[href$="show=resolved"]');
      this.sought = Boolean(resolved);
      resolved?.click();
    }
  }

  /** Escape goes back to what is answered, so that the next key means that again. */
  onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !event.target.matches("textarea")) return;
    const row = event.target.closest("article");
    if (row) this.list?.go(this.list.rows().indexOf(row));
    else this.heading?.focus();
  }

  go() {
    if (this.list) this.list.go(Math.max(this.list.index, 0));
    else this.heading?.focus();
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
    if (!text) return null;
    const piece = range.cloneContents();
    for (const gone of piece.querySelectorAll("del")) gone.remove();
    return this.passage(text, piece.textContent, range.getBoundingClientRect());
  }

  passage(element, quote, box) {
    const number = [...document.querySelectorAll(SEGMENTS)].indexOf(element.closest(SEGMENTS)) + 1;
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
    else if (event.target.closest("[data-go]")) this.go();
  }

  begin() {
    const form = this.querySelector("[data-new]");
    this.hidePick();
    if (form.open) this.fill(form);
    else form.open = true;
  }

  onToggle({ target }) {
    if (!target.open || !target.matches?.("details") || this.reopened.delete(target)) return;
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
    const segment = document.querySelectorAll(SEGMENTS)[Number(link.dataset.passage) - 1];
    const text = segment?.querySelector("textarea, .draft__read, .diff");
    if (!text) return;
    event.preventDefault();
    const quote = link.closest("article").querySelector("blockquote").textContent;
    const nodes = text.matches("textarea") ? [] : nodesOf(text);
    const words = text.matches("textarea") ? text.value : nodes.map((node) => node.data).join("");
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
      range.setStart(...placeIn(nodes, found.index));
      range.setEnd(...placeIn(nodes, end));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    this.hidePick();
  }
}

customElements.define("discussion-panel", DiscussionPanel);
