/* Hears of changes and lets the pieces they concern fetch themselves again.
   The server sends {"topics": ["review", ...], "last": 812}; the page fires activity:review on
   <body>, for hx-trigger="activity:review from:body". Server-sent events, else polling; nothing
   while the tab is hidden, and everything missed once it is shown. */
import htmx from "./htmx-setup.js";

const POLL_MS = 5000;
const RETRY_MS = 60_000;
const GATHER_MS = 150;

const url = document.body.dataset.live;
let last = "";
let source = null;
let polling = 0;
let gathered = new Set();

function fire() {
  const topics = gathered;
  gathered = new Set();
  for (const topic of topics) htmx.trigger(document.body, `activity:${topic}`);
}

function hear(text) {
  const { topics = [], last: seen } = JSON.parse(text);
  if (seen !== undefined) last = String(seen);
  if (!topics.length) return;
  if (!gathered.size) setTimeout(fire, GATHER_MS);
  for (const topic of topics) gathered.add(topic);
}

function address() {
  return last ? `${url}?after=${encodeURIComponent(last)}` : url;
}

function listen() {
  quiet();
  source = new EventSource(address());
  source.addEventListener("message", (event) => hear(event.data));
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    quiet();
    poll(Date.now());
  });
}

/** Ask every few seconds while the stream cannot be had, and try the stream again each minute. */
function poll(since) {
  polling = setTimeout(async () => {
    try {
      const answer = await fetch(address(), { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) return;
      if (answer.ok) hear(await answer.text());
    } catch {
      /* Offline: the next round tries again. */
    }
    if (!polling) return;
    if (Date.now() - since > RETRY_MS) listen();
    else poll(since);
  }, POLL_MS);
}

function quiet() {
  clearTimeout(polling);
  polling = 0;
  source?.close();
  source = null;
}

if (url) {
  document.addEventListener("visibilitychange", () => (document.hidden ? quiet() : listen()));
  window.addEventListener("pagehide", quiet);
  window.addEventListener("pageshow", (event) => event.persisted && listen());
  if (!document.hidden) listen();
}
