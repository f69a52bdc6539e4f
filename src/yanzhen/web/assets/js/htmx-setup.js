/* htmx, without eval and without styles of its own, and what its answers mean here. */
import htmx from "htmx.org";
import { words } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "403|409|422", swap: true, error: false },
    { code: "...", swap: false, error: true },
  ],
});

const UNSAFE = /^(post|put|patch|delete)$/i;

/** The token Django expects in X-CSRFToken; the cookie is fresher than the page. */
export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)yanzhen_csrf=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Show a toast from anywhere: {text, level, undo}. */
export function say(toast) {
  document.dispatchEvent(new CustomEvent("toast", { detail: toast }));
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (UNSAFE.test(detail.verb)) detail.headers["X-CSRFToken"] = csrfToken();
});

/* A whole page came where a piece was asked for: the session ended, or a refusal.
   Follow the first, say the second; never swap a page into a row. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target, boosted } = event.detail;
  if (boosted || target === document.body || !/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = false;
  if (xhr.status < 400) {
    location.assign(xhr.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const said = [...page.querySelectorAll("main h1, main h1 ~ p")].slice(0, 2);
  say({ text: said.map((part) => part.textContent.trim()).join(" "), level: "error" });
});

document.addEventListener("htmx:sendError", () => say({ text: words.offline, level: "error" }));
document.addEventListener("htmx:timeout", () => say({ text: words.offline, level: "error" }));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const trigger = detail.xhr.getResponseHeader("HX-Trigger") ?? "";
  if (!trigger.includes('"toast"')) say({ text: words.failed, level: "error" });
});

/* Busy is told to everyone, by the button that was pressed. */
function busy(form, state) {
  if (!form.matches?.("form")) return;
  const button = form.querySelector("[type=submit], button:not([type])");
  if (state) button?.setAttribute("aria-busy", "true");
  else button?.removeAttribute("aria-busy");
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => busy(detail.elt, true));
document.addEventListener("htmx:afterRequest", ({ detail }) => busy(detail.elt, false));

export default htmx;
