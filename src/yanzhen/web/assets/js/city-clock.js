/* Wall time of a city: <city-clock zone="Asia/Shanghai"> with a .clock__sky and a <time>. */

const clocks = new Set();
const SKY = [[21, "night"], [18, "dusk"], [9, "day"], [5, "dawn"], [0, "night"]];

class CityClock extends HTMLElement {
  connectedCallback() {
    clocks.add(this);
    this.format = new Intl.DateTimeFormat("en-GB", {
      timeZone: this.getAttribute("zone") || "UTC",
      hour: "2-digit",
      minute: "2-digit",
    });
    this.tick();
  }

  disconnectedCallback() {
    clocks.delete(this);
  }

  tick() {
    const text = this.format.format(new Date());
    const time = this.querySelector("time");
    if (!time || time.textContent === text) return;
    time.textContent = text;
    const hour = Number.parseInt(text, 10);
    const sky = this.querySelector(".clock__sky");
    if (sky) sky.dataset.sky = SKY.find(([since]) => hour >= since)[1];
  }
}

customElements.define("city-clock", CityClock);

setInterval(() => {
  if (document.hidden) return;
  for (const clock of clocks) clock.tick();
}, 5_000);
document.addEventListener("visibilitychange", () => {
  for (const clock of clocks) clock.tick();
});
