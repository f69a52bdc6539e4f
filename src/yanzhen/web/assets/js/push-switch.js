/* <push-switch key add worker>: asks this browser to take pushed news, and tells the server where.
   Without a script, or in a browser that cannot, its words say so and the list below still works. */
import { csrfToken, say } from "./htmx-setup.js";

function bytesOf(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (each) => each.charCodeAt(0));
}

function textOf(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

class PushSwitch extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    const able = "serviceWorker" in navigator && "PushManager" in window;
    if (!able || !this.getAttribute("key")) return;
    this.querySelector("[data-cannot]").hidden = true;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.ask());
  }

  async ask() {
    this.button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        say({ text: this.dataset.refused, level: "error" });
        return;
      }
      const found = await this.subscribe();
      const answer = await fetch(this.getAttribute("add"), {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken() },
        body: new URLSearchParams({
          endpoint: found.endpoint,
          p256dh: textOf(found.getKey("p256dh")),
          auth: textOf(found.getKey("auth")),
        }),
      });
      if (!answer.ok) throw new Error(await answer.text());
      window.location.reload();
    } catch (error) {
      say({ text: `${this.dataset.failed} ${error.message}`, level: "error" });
    } finally {
      this.button.disabled = false;
    }
  }

  async subscribe() {
    await navigator.serviceWorker.register(this.getAttribute("worker"));
    const registration = await navigator.serviceWorker.ready;
    const known = await registration.pushManager.getSubscription();
    /* One made for another key takes nothing of ours. */
    const same = known && textOf(known.options.applicationServerKey) === this.getAttribute("key");
    if (same) return known;
    if (known) await known.unsubscribe();
    return registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytesOf(this.getAttribute("key")),
    });
  }
}

customElements.define("push-switch", PushSwitch);
