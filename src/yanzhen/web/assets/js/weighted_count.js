// <weighted-count for="d1" limit="280" used="{used} of {limit}" over="{over} over" cut="over-d1">
//   <output class="weigh" data-state="ok" style="--used:0.732"><span>205 of 280</span></output>
// </weighted-count>
//
// Keeps the counter under a textarea true while somebody types. The server has rendered the first
// state, and without script that state stays. `cut` names a paragraph that holds a
// <span data-before> and a <mark>: it is shown while the text is over, with the words around the cut.
import { weigh } from "./weigh.js";

export { weigh };

const SOON = 20;
const WORDS_SHOWN = 24;

class WeightedCount extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    this.output = this.querySelector("output");
    if (!this.field || !this.output) return;
    this.listening = new AbortController();
    const options = { signal: this.listening.signal };
    this.field.addEventListener("input", () => this.show(), options);
    this.field.form?.addEventListener("reset", () => queueMicrotask(() => this.show()), options);
    this.show();
  }

  disconnectedCallback() {
    this.listening?.abort();
  }

  show() {
    const text = this.field.value;
    const limit = Number(this.getAttribute("limit")) || 280;
    const counted = weigh(text, limit);
    const over = counted.remaining < 0;
    const soon = counted.remaining <= SOON;
    this.output.dataset.state = over ? "over" : soon ? "soon" : "ok";
    this.output.style.setProperty("--used", Math.min(counted.weight / limit, 1).toFixed(3));
    // Read out only near the end: a counter that speaks at every key is noise.
    this.output.setAttribute("aria-live", soon ? "polite" : "off");
    const sentence = this.getAttribute(over ? "over" : "used") ?? "{used} / {limit}";
    this.say(
      sentence
        .replace("{used}", counted.weight)
        .replace("{limit}", limit)
        .replace("{over}", -counted.remaining),
    );
    this.mark(text, counted.cutAt, over);
  }

  say(sentence) {
    const place = this.output.querySelector("span") ?? this.output;
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  mark(text, cutAt, over) {
    if (over) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
    this.field.closest(".draft__box")?.toggleAttribute("data-over", over);
    const place = document.getElementById(this.getAttribute("cut"));
    if (!place) return;
    place.hidden = !over;
    if (!over) {
      this.field.removeAttribute("aria-describedby");
      return;
    }
    this.field.setAttribute("aria-describedby", place.id);
    const before = [...text.slice(0, cutAt)].slice(-WORDS_SHOWN).join("");
    const beyond = [...text.slice(cutAt)];
    place.querySelector("[data-before]").textContent = `… ${before.trimStart()}`;
    place.querySelector("mark").textContent =
      beyond.slice(0, WORDS_SHOWN).join("") + (beyond.length > WORDS_SHOWN ? "…" : "");
  }
}

customElements.define("weighted-count", WeightedCount);
