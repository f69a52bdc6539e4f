/* <command-palette>: search and jump from anywhere. The server answers with what fits the words;
   pages and what can be done on this one are read from the markup, as the list of keys is. What
   has no key is offered too: every action can be reached without a mouse. */
import { labelOf } from "./key-list.js";
import { ACTIONS, GLYPHS, keysOf, nearby } from "./keys.js";

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.found = this.querySelector("#palette-found");
    this.jumps = this.querySelector("[data-jumps]");
    this.none = this.querySelector(".palette__none");
    new MutationObserver(() => this.dialog.open && this.begin()).observe(this.dialog, { attributeFilter: ["open"] });
    this.input.addEventListener("input", () => this.narrow());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("htmx:afterSwap", ({ detail }) => {
      this.found.dataset.words = detail.requestConfig.parameters.q;
      this.narrow();
    });
    this.list.addEventListener("pointermove", (event) => this.select(event.target.closest("[role=option]")));
    this.list.addEventListener("click", (event) => this.chosen(event));
    document.addEventListener("focusin", this.onFocus);
  }

  disconnectedCallback() {
    document.removeEventListener("focusin", this.onFocus);
  }

  /** Where somebody was before they called: of two actions with the same words, the one there is meant. */
  onFocus = ({ target }) => {
    if (!this.contains(target)) this.left = target;
  };

  begin() {
    this.input.value = "";
    this.doable = new Map();
    this.jumps.replaceChildren(
      this.group("here", this.dataset.here, this.pageActions()),
      this.group("go", this.dataset.go, [...document.querySelectorAll(".rail__link:not(.rail__more), .pop--me a.pop__item")]),
    );
    this.narrow();
    this.input.dispatchEvent(new Event("look"));
  }

  /** What can be done on this page now, each label once: first what has a key. */
  pageActions() {
    const seen = new Set();
    const near = nearby(this.left);
    const rank = (element) => (keysOf(element).length ? 0 : 2) + (near?.contains(element) ? 0 : 1);
    const all = [...document.querySelectorAll(ACTIONS)].sort((one, other) => rank(one) - rank(other));
    return all.filter((element) => {
      const label = labelOf(element);
      const hidden = !("keyAnywhere" in element.dataset) && !element.checkVisibility({ visibilityProperty: true });
      if (!label || seen.has(label) || hidden || this.contains(element) || element.dataset.open === this.dialog.id) return false;
      if (element.getAttribute("aria-disabled") === "true" || element.disabled) return false;
      seen.add(label);
      return true;
    });
  }

  group(id, title, elements) {
    const box = document.createElement("div");
    const head = document.createElement("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", `jumps-${id}`);
    head.className = "palette__group";
    head.id = `jumps-${id}`;
    head.textContent = title;
    box.append(head, ...elements.map((element) => this.option(element)));
    return box;
  }

  option(element) {
    const option = document.createElement(element.href ? "a" : "div");
    option.className = "pop__item";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.tabIndex = -1;
    if (element.href) option.href = element.href;
    else this.doable.set(option, element);
    const icon = element.querySelector(".icon")?.cloneNode() ?? document.createElement("span");
    if (!icon.className) icon.className = "icon icon-arrow";
    icon.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    words.className = "palette__words";
    words.textContent = labelOf(element);
    option.append(icon, words);
    /* Rows repeat their buttons: those are shown once somebody types. */
    if (!keysOf(element).length && !element.dataset.keys && element.closest("main :is(li, tr)")) option.dataset.named = "";
    const keys = element.dataset.keys?.split(" ") ?? keysOf(element)[0]?.split("+") ?? [];
    if (keys.length) {
      const shown = document.createElement("kbd");
      shown.textContent = keys.map((key) => GLYPHS[key] ?? key).join(" ");
      option.append(shown);
    }
    return option;
  }

  /** Hide the jumps that do not fit, and the groups that have nothing left. What was found for other
      words than are there now stays in sight, but Enter must not open it. */
  narrow() {
    this.found.toggleAttribute("data-stale", this.found.dataset.words !== this.input.value);
    const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of this.jumps.children) {
      let left = 0;
      for (const option of group.querySelectorAll("[role=option]")) {
        const label = option.querySelector(".palette__words").textContent.toLowerCase();
        option.hidden = !words.every((word) => label.includes(word)) || (!words.length && "named" in option.dataset);
        left += !option.hidden;
      }
      group.hidden = !left;
    }
    const options = this.options();
    this.none.hidden = options.length > 0 || !words.length || "stale" in this.found.dataset;
    this.select(options[0]);
  }

  options() {
    const all = [...this.list.querySelectorAll("[role=option]")];
    return all.filter((option) => option.checkVisibility() && !option.closest("[data-stale]"));
  }

  select(option) {
    if (option === this.selected && option?.isConnected) return;
    this.selected?.setAttribute("aria-selected", "false");
    this.selected = option ?? null;
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.id ||= `palette-${crypto.randomUUID()}`;
    option.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const options = this.options();
      const at = options.indexOf(this.selected);
      this.select(options.at((at + step) % options.length));
    } else if (event.key === "Enter" && this.selected && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      this.selected.click();
    }
  }

  chosen(event) {
    const option = event.target.closest("[role=option]");
    const element = this.doable?.get(option);
    if (!option) return;
    this.dialog.close();
    if (!element) return;
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  }
}

customElements.define("command-palette", CommandPalette);
