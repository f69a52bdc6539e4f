/* A text that is longer than a post, cut into posts that fit. planning/spreading.py does the same
   where there is no script. */
import { weigh } from "./weigh.js";

const SENTENCE_END = /[.!?。！？…]["'”’）)]*\s*$/u;
const END_GOES_ON = /^[.!?。！？…"'”’）)]/u;

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

/** What stood between the posts that a text was cut into: one less than there are posts. */
export function seams(text, posts) {
  let end = text.indexOf(posts[0]) + posts[0].length;
  return posts.slice(1).map((post) => {
    const start = text.indexOf(post, end);
    const seam = text.slice(end, start);
    end = start + post.length;
    return seam;
  });
}

function bestCut(text, room) {
  const within = text.slice(0, room);
  const least = room * 0.4;
  const paragraph = within.lastIndexOf("\n\n");
  if (paragraph > least) return paragraph;
  const line = within.lastIndexOf("\n");
  if (line > least) return line;
  for (let at = room; at > least; at -= 1) {
    const end = SENTENCE_END.exec(text.slice(Math.max(0, at - 6), at))?.[0];
    if (end && !END_GOES_ON.test(text.slice(at)) && !inWord(end, text[at])) return at;
  }
  const space = within.search(/\s\S*$/u);
  return space > least ? space : Math.max(1, room);
}

/** Whether a full stop stands in a name, a number or a link: nothing sets it apart. */
function inWord(end, behind) {
  return ".!?".includes(end[0]) && !/\s$/u.test(end) && Boolean(behind) && !/\s/u.test(behind);
}
