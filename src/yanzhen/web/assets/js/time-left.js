/* Keeps a server-rendered clock true: <time-left class="sla" since until> or class="due" until.
   The wording and the limits of "soon" are the server's (see spoken.py). */
import { fill, words } from "./words.js";

const MINUTE = 60_000;
const clocks = new Set();

const minutesOf = (ms) => Math.floor(Math.abs(ms) / MINUTE);

/** 11m, 5h, 2d. */
export function shortSpan(ms) {
  const minutes = minutesOf(ms);
  if (minutes < 60) return `${minutes}m`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}

/** 26 min, 2 h 48 min, 3 days, in the page's language. */
export function wordsSpan(ms) {
  const minutes = minutesOf(ms);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (minutes < 60) return fill(words.minutes, { minutes });
  if (hours >= 48) return fill(words.days, { days: Math.floor(hours / 24) });
  if (rest === 0 || hours >= 10) return fill(words.hours, { hours });
  return fill(words.hours_minutes, { hours, minutes: rest });
}

class TimeLeft extends HTMLElement {
  connectedCallback() {
    clocks.add(this);
    this.tick(Date.now());
  }

  disconnectedCallback() {
    clocks.delete(this);
  }

  tick(now) {
    const until = Date.parse(this.getAttribute("until") ?? "");
    if (Number.isNaN(until) || this.hasAttribute("stopped")) return;
    if (this.classList.contains("sla")) this.ring(until, now);
    else this.line(until, now);
  }

  ring(until, now) {
    const left = until - now;
    const span = wordsSpan(left);
    if (left < 0) {
      this.style.setProperty("--left", "1");
      this.put("late", `+${shortSpan(left).replace("m", "")}`, fill(words.late, { span }));
      return;
    }
    const whole = until - Date.parse(this.getAttribute("since") ?? "");
    const share = whole > 0 ? Math.min(1, left / whole) : 1;
    this.style.setProperty("--left", share.toFixed(2));
    const label = fill(words.left, { span, whole: wordsSpan(whole) });
    this.put(share <= words.soon_share ? "soon" : "ok", shortSpan(left), label);
  }

  line(until, now) {
    const left = until - now;
    const span = wordsSpan(left);
    if (left < 0) this.put("late", fill(words.late, { span }));
    else this.put(left <= words.soon_minutes * MINUTE ? "soon" : "ok", fill(words.in, { span }));
  }

  /** Write only what changed, so that screen readers and layout stay quiet. */
  put(state, text, label = "") {
    if (this.dataset.state !== state) this.dataset.state = state;
    if (this.textContent !== text) this.textContent = text;
    if (label && this.getAttribute("aria-label") !== label) this.setAttribute("aria-label", label);
  }
}

customElements.define("time-left", TimeLeft);

setInterval(() => {
  if (document.hidden) return;
  for (const clock of clocks) clock.tick(Date.now());
}, 10_000);
