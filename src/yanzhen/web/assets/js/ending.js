/* What to write behind a text so that it ends with a signature or with hashtags. */

const TAG = /#[\p{L}\p{N}\p{M}_]+/gu;
const ONLY_TAGS = /^(?:#\S+\s*)+$/u;

/** Hashtags that are not there yet, or a signature that does not end it yet; "" for nothing to add. */
export function ending(text, body) {
  const before = text.trimEnd();
  const words = ONLY_TAGS.test(body) ? missing(before, body) : before.endsWith(body) ? "" : body;
  if (!words || !before) return words;
  const last = before.split("\n").at(-1);
  return (ONLY_TAGS.test(body) && ONLY_TAGS.test(last) ? " " : "\n\n") + words;
}

function missing(text, body) {
  const there = new Set((text.match(TAG) ?? []).map((tag) => tag.toLowerCase()));
  return body
    .split(/\s+/u)
    .filter((tag) => !there.has(tag.toLowerCase()))
    .join(" ");
}
