// How long X counts a text to be, at once, while somebody types. The server counts again and
// decides (kernel/text.py); kernel/tests/golden_weights.json holds both to the same answers.
import configs from "twitter-text/dist/esm/configs.js";
import parseTweet from "twitter-text/dist/esm/parseTweet.js";

export const LONGEST_TEXT = 25_000;

// One emoji counts twice however many code points it is joined from. The package's own table ends
// in 2018, so each emoji is found by the server's rule and shown to the package as one it knows.
const BASE =
  "\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u2199\\u21a9\\u21aa\\u231a\\u231b\\u2328\\u23cf" +
  "\\u23e9-\\u23f3\\u23f8-\\u23fa\\u24c2\\u25aa\\u25ab\\u25b6\\u25c0\\u25fb-\\u25fe\\u2600-\\u27bf" +
  "\\u2934\\u2935\\u2b05-\\u2b07\\u2b1b\\u2b1c\\u2b50\\u2b55\\u3030\\u303d\\u3297\\u3299" +
  "\\u{1f000}-\\u{1faff}";
const TONED =
  "\\u261d\\u26f9\\u270a-\\u270d\\u{1f385}\\u{1f3c2}-\\u{1f3c4}\\u{1f3c7}\\u{1f3ca}-\\u{1f3cc}" +
  "\\u{1f442}\\u{1f443}\\u{1f446}-\\u{1f450}\\u{1f466}-\\u{1f478}\\u{1f47c}\\u{1f481}-\\u{1f483}" +
  "\\u{1f485}-\\u{1f487}\\u{1f48f}\\u{1f491}\\u{1f4aa}\\u{1f574}\\u{1f575}\\u{1f57a}\\u{1f590}" +
  "\\u{1f595}\\u{1f596}\\u{1f645}-\\u{1f647}\\u{1f64b}-\\u{1f64f}\\u{1f6a3}\\u{1f6b4}-\\u{1f6b6}" +
  "\\u{1f6c0}\\u{1f6cc}\\u{1f90c}\\u{1f90f}\\u{1f918}-\\u{1f91f}\\u{1f926}\\u{1f930}-\\u{1f939}" +
  "\\u{1f93c}-\\u{1f93e}\\u{1f977}\\u{1f9b5}\\u{1f9b6}\\u{1f9b8}\\u{1f9b9}\\u{1f9bb}" +
  "\\u{1f9cd}-\\u{1f9cf}\\u{1f9d1}-\\u{1f9dd}\\u{1fac3}-\\u{1fac5}\\u{1faf0}-\\u{1faf8}";
const ONE =
  `(?:[${TONED}][\\u{1f3fb}-\\u{1f3ff}]|[${BASE}]` +
  "(?:\\ufe0f|[\\u{e0020}-\\u{e007e}]+\\u{e007f})?)";
const EMOJI = new RegExp(
  `[#*0-9]\\ufe0f?\\u20e3|[\\u{1f1e6}-\\u{1f1ff}]{2}|${ONE}(?:\\u200d${ONE})*|[\\u{10000}-\\u{10ffff}]`,
  "gu",
);
const STAND_IN = "\u2705";

// An ideographic full stop ends a name as a dot does, yet the package takes it for a letter.
const WIDE_STOP = /[\u3002\uff0e\uff61]/g;
const LINE_END = /\r\n?/g;

/**
 * Count a text as X does.
 *
 * Returns {weight, limit, valid, remaining, cutAt}: `cutAt` is the index in UTF-16 units, as a
 * textarea counts, of the first thing that no longer fits, or the length when all of it does.
 * Only the first 25,000 units are looked at: longer text is never valid.
 */
export function weigh(text, limit = 280) {
  const seen = text.slice(0, LONGEST_TEXT);
  const composed = compose(seen);
  const { prepared, places } = standIn(composed);
  const parsed = parseTweet(prepared, { ...configs.defaults, maxWeightedTweetLength: limit });
  const weight = Math.trunc(parsed.weightedLength);
  const cut = origin(firstBeyond(parsed, prepared), places);
  return {
    weight,
    limit,
    valid: parsed.valid && seen.length === text.length,
    remaining: limit - weight,
    cutAt: composed === seen ? cut : beforeComposing(seen, cut),
  };
}

function firstBeyond(parsed, prepared) {
  if (parsed.valid) return prepared.length;
  return /^(?:$|[\ufeff\ufffe\uffff])/.test(prepared) ? 0 : parsed.validRangeEnd + 1;
}

function compose(text) {
  return text.replace(LINE_END, "\n").normalize("NFC");
}

function standIn(text) {
  const places = [];
  let shift = 0;
  const prepared = text
    .replace(EMOJI, (emoji, at) => {
      shift += emoji.length - STAND_IN.length;
      places.push({ until: at + emoji.length - shift, shift });
      return STAND_IN;
    })
    .replace(WIDE_STOP, "\u3000");
  return { prepared, places };
}

function origin(index, places) {
  const before = places.findLast((place) => place.until <= index);
  return before ? index + before.shift : index;
}

function beforeComposing(text, cut) {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (compose(text.slice(0, middle)).length <= cut) low = middle;
    else high = middle - 1;
  }
  while (low > 0 && /^\p{Mn}/u.test(text.slice(low))) low -= 1;
  return low;
}
