/* Says what just happened and offers the way back.
   Fed by the server's messages in the page, by HX-Trigger {"toast": {text, level, undo}},
   and by a "toast" event from scripts. */
import htmx from "./htmx-setup.js";
import { words } from "./words.js";

const STAYS_MS = 8000;
const MOST = 4;

class ToastRegion extends HTMLElement {
  connectedCallback() {
    this.dataset.ready = "";
    for (const toast of this.querySelectorAll(".toast")) this.arm(toast);
    document.addEventListener("toast", this.onToast);
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-dismiss]")) event.target.closest(".toast").remove();
    });
    this.addEventListener("htmx:afterRequest", (event) => {
      if (event.detail.successful) event.target.closest(".toast")?.remove();
    });
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.onToast);
  }

  onToast = (event) => {
    const given = event.detail?.value ?? event.detail;
    for (const toast of [given].flat()) this.show(toast);
  };

  /** Add one toast. ``undo`` is a path to POST to. */
  show({ text, level = "success", undo = "" }) {
    if (!text) return;
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.dataset.level = level;
    const icon = document.createElement("span");
    icon.className = `icon ${level === "success" || level === "info" ? "icon-check" : "icon-alert"}`;
    icon.setAttribute("aria-hidden", "true");
    const line = document.createElement("span");
    line.textContent = text;
    toast.append(icon, line);
    if (undo) toast.append(this.undoForm(undo));
    this.append(toast);
    htmx.process(toast);
    this.arm(toast);
    while (this.querySelectorAll(".toast").length > MOST) this.querySelector(".toast").remove();
  }

  undoForm(path) {
    const form = document.createElement("form");
    form.setAttribute("hx-post", path);
    form.setAttribute("hx-swap", "none");
    const button = document.createElement("button");
    button.className = "btn btn--s";
    button.dataset.undo = "";
    button.textContent = words.undo;
    form.append(button);
    return form;
  }

  /** Let a toast leave by itself, unless it is bad news or somebody is on it. */
  arm(toast) {
    if (toast.dataset.level === "error" || toast.dataset.level === "warning") {
      this.closable(toast);
      return;
    }
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 1000);
      else toast.remove();
    };
    setTimeout(leave, STAYS_MS);
  }

  closable(toast) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--s";
    button.dataset.dismiss = "";
    button.textContent = words.close;
    toast.append(button);
  }
}

customElements.define("toast-region", ToastRegion);
