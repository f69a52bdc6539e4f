/* The terms of the whole post: who may reply, labels, and the posts it answers or quotes. A link is
   read into the id the server keeps; while it names no post, the last good one is what is saved. */
import { said } from "./said.js";

const ID = /^\d{1,19}$/;
const LINK = /^(?:https?:\/\/)?(?:[a-z0-9-]+\.)*[a-z0-9-]+(?::\d+)?\/(?:i\/(?:web\/)?|\w{1,20}\/)status(?:es)?\/(\d{1,19})(?:[/?#].*)?$/i;

/** The id a pasted link or number names, null for what names none. */
export function postId(raw) {
  const text = raw.trim();
  return !text || ID.test(text) ? text : (LINK.exec(text)?.[1] ?? null);
}

export class PostTerms {
  constructor(editor) {
    this.form = editor.querySelector("form");
    this.links = [...editor.querySelectorAll("[data-post-link]")];
    this.good = Object.fromEntries(this.links.map((field) => [field.name, postId(field.value) ?? ""]));
    for (const field of this.links) field.addEventListener("change", () => this.tell(field));
  }

  read() {
    const { reply_settings, made_with_ai, paid_partnership } = this.form.elements;
    return {
      reply_settings: reply_settings.value,
      ...this.good,
      made_with_ai: made_with_ai.checked,
      paid_partnership: paid_partnership.checked,
    };
  }

  write(terms) {
    const { elements } = this.form;
    elements.reply_settings.value = terms.reply_settings;
    elements.made_with_ai.checked = terms.made_with_ai;
    elements.paid_partnership.checked = terms.paid_partnership;
    for (const field of this.links) {
      field.value = this.good[field.name] = terms[field.name];
      this.tell(field);
    }
  }

  /** Take over a link as soon as it names a post. */
  check(field) {
    if (!this.links.includes(field)) return;
    const id = postId(field.value);
    if (id === null) return;
    this.good[field.name] = id;
    this.tell(field);
  }

  tell(field) {
    const wrong = postId(field.value) === null;
    const line = field.parentElement.querySelector("[data-link-error]");
    field.toggleAttribute("aria-invalid", wrong);
    if (wrong) field.setAttribute("aria-invalid", "true");
    line.hidden = !wrong;
    line.textContent = wrong ? said.no_post : "";
  }
}
