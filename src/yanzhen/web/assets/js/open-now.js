/* [data-open-now]: what is wider than its room opens where the present is, not at its beginning.

   Strips that say "day" are the weeks of one month, one under another: they open with today beside
   their names, all of them moved alike so that days stay under their days, and on a phone the page
   opens at the week of today. */

const FOLDED = matchMedia("(max-width: 47.99rem)");
const MONTH = '[data-open-now="day"]';

const edges = (element) => element.getBoundingClientRect();

function open(root) {
  for (const strip of root.querySelectorAll("[data-open-now]")) {
    const now = strip.querySelector("[data-now-line]");
    if (!now || strip.matches(MONTH)) continue;
    strip.scrollLeft += edges(now).left - edges(strip).left - strip.clientWidth / 2;
  }
  const today = root.querySelector(`${MONTH} [aria-current="date"]`);
  const here = today?.closest(MONTH);
  const name = here?.querySelector(".turns__label");
  if (!name) return;
  const left = here.scrollLeft + edges(today).left - edges(name).right;
  for (const strip of root.querySelectorAll(MONTH)) strip.scrollLeft = left;
}

/** Only when somebody comes here: who goes back, or loads anew, is where they were. */
function openPage() {
  const [how] = performance.getEntriesByType("navigation");
  if (!FOLDED.matches || location.hash || how?.type !== "navigate") return;
  const today = document.querySelector(`${MONTH} [aria-current="date"]`);
  today?.closest(MONTH).scrollIntoView({ block: "start" });
}

open(document);
openPage();
document.addEventListener("htmx:afterSettle", ({ target }) => open(target));
