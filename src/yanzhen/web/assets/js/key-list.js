/* "?" lists every key that works on this page, read from the markup itself. */
import { GLYPHS, keysOf } from "./keys.js";

const dialog = document.getElementById("keys");
const list = dialog?.querySelector("[data-keys-list]");
const toggle = dialog?.querySelector("[data-keys-switch]");
const root = document.documentElement;

function make(tag, text = "", className = "") {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** What a key does, in the words of what it presses. */
export function labelOf(element) {
  const label = element.getAttribute("aria-label") ?? element.title;
  if (label) return label;
  const copy = (element.labels?.[0] ?? element).cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, .count")) part.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

/** A row's key does the same in every row, so its words are those without the row's name. */
function rowLabelOf(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll(".sr-only")) part.remove();
  return labelOf(copy);
}

function add(group, label, keys) {
  const row = make("div");
  const shown = make("dd");
  for (const key of keys) shown.append(make("kbd", GLYPHS[key] ?? key));
  row.append(make("dt", label), shown);
  group.append(row);
}

/** Group keys by the scope they belong to. The same key with the same words is listed once; a key
    with other words is listed again, since it does something else in another form or row. */
function collect() {
  const groups = new Map([[list.dataset.anywhere, new Map()], [list.dataset.go, new Map()]]);
  const put = (group, label, keys) => {
    if (!groups.has(group)) groups.set(group, new Map());
    if (label) groups.get(group).set(`${keys.join(" ")} ${label}`, [label, keys]);
  };
  put(list.dataset.anywhere, list.dataset.show, ["?"]);
  put(list.dataset.anywhere, list.dataset.undo, ["z"]);
  for (const link of document.querySelectorAll("[data-keys]:not(html)")) {
    put(list.dataset.go, labelOf(link), link.dataset.keys.split(" "));
  }
  for (const element of document.querySelectorAll("[data-key], [aria-keyshortcuts]")) {
    if (element.closest("dialog, details:not([open]) > :not(summary)") || element.dataset.open === "keys") continue;
    const inRow = "keyRow" in element.dataset;
    const scope = element.closest("key-scope")?.getAttribute("label") ?? (inRow ? list.dataset.lists : list.dataset.anywhere);
    put(scope, inRow ? rowLabelOf(element) : labelOf(element), keysOf(element)[0]?.split("+") ?? []);
  }
  const rows = document.querySelector("list-cursor");
  if (rows) {
    const name = list.dataset.lists;
    put(name, list.dataset.next, ["j"]);
    put(name, list.dataset.previous, ["k"]);
    put(name, list.dataset.openRow, ["enter"]);
    if (rows.querySelector('input[type="checkbox"]')) put(name, list.dataset.select, ["x"]);
  }
  return groups;
}

function show() {
  list.replaceChildren();
  for (const [title, keys] of collect()) {
    if (!keys.size) continue;
    const section = make("section", "", "keys__group");
    const rows = make("dl");
    for (const [label, names] of keys.values()) add(rows, label, names);
    section.append(make("h3", title), rows);
    list.append(section);
  }
  toggle.setAttribute("aria-pressed", String(root.dataset.keys === "off"));
}

if (dialog && list) {
  new MutationObserver(() => dialog.open && show()).observe(dialog, { attributeFilter: ["open"] });
  toggle.addEventListener("click", () => {
    root.dataset.keys = root.dataset.keys === "off" ? "on" : "off";
    toggle.setAttribute("aria-pressed", String(root.dataset.keys === "off"));
    try {
      localStorage.setItem("yanzhen-keys", root.dataset.keys);
    } catch {
      /* Storage is blocked: the choice lasts for this page. */
    }
  });
}
