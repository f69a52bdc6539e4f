/* <x-preview>: the thread as X would show it, kept true while somebody types. The server has drawn
   it first, by the same rules (planning/templatetags/on_x.py). */
import extractEntities from "twitter-text/dist/esm/extractEntitiesWithIndices.js";

const LINK_SHOWN = 27;

/** A link as X shows it: without scheme, cut when it is long. */
export function shownLink(url) {
  const bare = url.replace(/^https?:\/\/(?:www\.)?/i, "");
  return bare.length <= LINK_SHOWN ? bare : `${bare.slice(0, LINK_SHOWN)}…`;
}

/** The text as nodes, with links, mentions, hashtags and cashtags marked. */
export function marked(text) {
  const nodes = [];
  let end = 0;
  for (const entity of extractEntities(text)) {
    const [start, stop] = entity.indices;
    if (start < end) continue;
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = entity.url ? shownLink(entity.url) : text.slice(start, stop);
    nodes.push(text.slice(end, start), tag);
    end = stop;
  }
  return [...nodes, text.slice(end)];
}

class XPreview extends HTMLElement {
  connectedCallback() {
    this.pattern = this.querySelector(".xpost")?.cloneNode(true);
    this.pattern?.querySelector("[data-x-parts]").replaceChildren();
    this.sizes = document.querySelector("[data-preview-size]");
    document.addEventListener("thread", this.onThread);
    document.addEventListener("saved", this.onSaved);
    this.sizes?.addEventListener("click", this.onSize);
    this.nameKey();
  }

  disconnectedCallback() {
    document.removeEventListener("thread", this.onThread);
    document.removeEventListener("saved", this.onSaved);
    this.sizes?.removeEventListener("click", this.onSize);
  }

  onThread = ({ detail }) => {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.show(detail.texts));
  };

  show(texts) {
    const posts = [...this.querySelectorAll(".xpost")];
    for (const extra of posts.slice(texts.length)) extra.remove();
    texts.forEach((text, at) => {
      const post = posts[at] ?? this.appendChild(this.pattern.cloneNode(true));
      if (post.shown === text) return;
      post.shown = text;
      post.querySelector(".xpost__text").replaceChildren(...marked(text));
    });
  }

  /** What hangs on the posts is drawn by the server, so that it is drawn once and for all. */
  onSaved = async () => {
    this.asked?.abort();
    this.asked = new AbortController();
    let page = "";
    try {
      const answer = await fetch(this.dataset.url, { signal: this.asked.signal });
      if (!answer.ok || answer.redirected) return;
      page = await answer.text();
    } catch {
      return;
    }
    const fresh = new DOMParser().parseFromString(page, "text/html");
    for (const name of ["[data-x-before]", "[data-x-parts]"]) {
      const drawn = fresh.querySelectorAll(name);
      this.querySelectorAll(name).forEach((place, at) => {
        if (drawn[at] && drawn[at].innerHTML !== place.innerHTML) place.replaceChildren(...drawn[at].childNodes);
      });
    }
  };

  onSize = (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    this.dataset.size = chosen.value;
    for (const button of this.sizes.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
    this.nameKey();
  };

  /** "p" always means the size that is not shown. */
  nameKey() {
    for (const button of this.sizes?.querySelectorAll("button") ?? []) {
      if (button.getAttribute("aria-pressed") === "true") delete button.dataset.key;
      else button.dataset.key = "p";
    }
  }
}

customElements.define("x-preview", XPreview);
