/* Single keys, declared in markup: aria-keyshortcuts="a" or data-key="a" on the button, link or
   field it stands for; data-keys="g r" for two in a row. <key-scope label="Review"> names a part
   of the page whose keys go first while the focus is in it. Off inside fields, and off altogether
   with <html data-keys="off">; chords with Control or Meta always work. */

const FIELD = "input:not([type=checkbox], [type=radio], [type=submit], [type=button], [type=file]), textarea, select, [contenteditable]";
/** What can be done on a page: what has a key, and what looks like an action and has none. The
    palette offers all of it. */
export const ACTIONS = "[data-key], [aria-keyshortcuts], main :is(.btn, .link-btn, summary, .tab, .segments a, .segments button)";
/** How a key is shown, where its name is not enough. */
export const GLYPHS = { enter: "↵", control: "Ctrl", meta: "⌘", shift: "⇧", escape: "esc", delete: "del", backspace: "⌫", arrowup: "↑", arrowdown: "↓" };
const CHORD_MS = 1200;
let opened = -Infinity;

class KeyScope extends HTMLElement {}
customElements.define("key-scope", KeyScope);

/** A dialog that has just closed keeps the focus in its field until the next frame is drawn: a key
    pressed that quickly belongs to the page, not to a field nobody sees. */
function inField(element) {
  return Boolean(element.closest?.(FIELD)?.checkVisibility());
}

/** Tell whether a plain key press is ours: no field, no chord with the system, not switched off. */
export function keysAreFree(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (document.documentElement.dataset.keys === "off") return false;
  return !inField(event.target);
}

/** The keys an element answers to, lower case: ["a"], ["control+enter", "meta+enter"]. */
export function keysOf(element) {
  const declared = element.dataset.key ?? element.getAttribute("aria-keyshortcuts") ?? "";
  return declared.toLowerCase().split(/\s+/).filter(Boolean);
}

function nameOf(event) {
  const key = event.key.toLowerCase();
  const parts = [];
  if (event.ctrlKey) parts.push("control");
  if (event.metaKey) parts.push("meta");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && (key.length > 1 || /\p{L}/u.test(key))) parts.push("shift");
  return [...parts, key].join("+");
}

function usable(element) {
  return "keyAnywhere" in element.dataset || element.checkVisibility({ visibilityProperty: true });
}

/** The row under the cursor: of the list that has the focus, of the focused scope's, or the first. */
function currentRow() {
  const focused = document.activeElement;
  const list = focused?.closest("list-cursor") ?? focused?.closest("key-scope")?.querySelector("list-cursor");
  if (list) return list.querySelector('[aria-current="true"], [aria-selected="true"]');
  return document.querySelector('list-cursor [aria-current="true"], list-cursor [aria-selected="true"]');
}

/** The form or row somebody is in: of several that mean the same, theirs is the one meant. */
export function nearby(focused) {
  return focused?.closest("form, li, tr, dialog");
}

/** Find whom a key means: the open dialog, the form with the focus, the row under the cursor, the
    focused scope, the page. With data-key-row a key is its row's alone. */
function target(name) {
  const modal = document.querySelector("dialog:modal");
  const all = [...(modal ?? document).querySelectorAll("[data-key], [aria-keyshortcuts]")];
  const scope = document.activeElement?.closest("key-scope");
  const row = currentRow();
  const near = nearby(document.activeElement);
  const able = all.filter(
    (element) =>
      keysOf(element).includes(name) && usable(element) && (!("keyRow" in element.dataset) || row?.contains(element)),
  );
  return (
    [near, row, scope].map((place) => place && able.find((element) => place.contains(element))).find(Boolean) ?? able[0]
  );
}

function press(element) {
  if (element.matches(FIELD)) {
    element.focus();
    element.select?.();
  } else if (element.getAttribute("aria-disabled") === "true") {
    const reason = document.getElementById(element.getAttribute("aria-describedby") ?? "");
    element.focus();
    if (reason) document.dispatchEvent(new CustomEvent("toast", { detail: { text: reason.textContent.trim(), level: "info" } }));
  } else {
    element.click();
    // What it opened comes next with Tab.
    if (element.matches("summary")) element.focus();
  }
}

function undo() {
  const buttons = [...document.querySelectorAll("toast-region [data-undo]")];
  buttons.at(-1)?.click();
  return buttons.length > 0;
}

/** Escape leaves a field, so that single keys work again; a dialog or menu keeps it to close itself. */
function leaveField(element) {
  if (!element.matches?.(FIELD) || element.closest("dialog, [popover]")) return false;
  element.blur();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat) return;
  const name = nameOf(event);
  if (name === "escape" && leaveField(event.target)) return;
  const chord = event.ctrlKey || event.metaKey;
  if (!chord && !keysAreFree(event)) return;
  if (!chord && performance.now() - opened < CHORD_MS) {
    opened = -Infinity;
    const link = document.querySelector(`[data-keys="g ${CSS.escape(name)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      return;
    }
  }
  if (name === "g" && !document.querySelector("dialog:modal")) {
    opened = performance.now();
    return;
  }
  const found = target(name);
  if (found) {
    event.preventDefault();
    press(found);
  } else if (name === "z" && undo()) event.preventDefault();
});
