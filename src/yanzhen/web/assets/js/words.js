/* Words and limits the server hands over in <script type="application/json" id="words">. */

const source = document.getElementById("words");

/** Translated templates by name, and the limits of "soon". */
export const words = source ? JSON.parse(source.textContent) : {};

/** Fill "%(name)s" and "%(name)d" in a template. */
export function fill(template, values) {
  return (template ?? "").replace(/%\((\w+)\)[sd]/g, (_, name) => String(values[name] ?? ""));
}
