/* A text that is longer than a post, cut into posts that fit. */
import { weigh } from "./weigh.js";

const SENTENCE_END = /[.!?。！？…]["'”’）)]*\s*$/u;

/** Cut a text into posts that fit: at empty lines, else line ends, sentences, spaces, anywhere. */
export function spread(text, limit) {
  const posts = [];
  let rest = text.trim();
  while (rest && !weigh(rest, limit).valid) {
    const room = weigh(rest, limit).cutAt;
    const at = bestCut(rest, room);
    posts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest ? [...posts, rest] : posts;
}

function bestCut(text, room) {
  const within = text.slice(0, room);
  const least = room * 0.4;
  const paragraph = within.lastIndexOf("\n\n");
  if (paragraph > least) return paragraph;
  const line = within.lastIndexOf("\n");
  if (line > least) return line;
  for (let at = room; at > least; at -= 1) {
    if (SENTENCE_END.test(text.slice(Math.max(0, at - 6), at)) && !/^[.!?。！？…"'”’）)]/u.test(text.slice(at))) return at;
  }
  const space = within.search(/\s\S*$/u);
  return space > least ? space : Math.max(1, room);
}
