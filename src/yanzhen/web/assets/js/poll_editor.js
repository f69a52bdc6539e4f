/* The poll of a post: four places for choices and how long it is open. */

const MOST_LETTERS = 25;
const [DAY, HOUR] = [1440, 60];

const parts = (form) => ["days", "hours", "minutes"].map((name) => form.querySelector(`[data-${name}]`));

/** The poll of a post as it is saved, null when there is none. */
export function poll(item) {
  const form = item.querySelector("[data-poll]");
  if (!form) return null;
  const [days, hours, minutes] = parts(form).map((field) => Math.max(0, Math.trunc(Number(field.value)) || 0));
  return {
    options: [...form.querySelectorAll("[data-choice]")].map((field) => field.value),
    minutes: days * DAY + hours * HOUR + minutes,
  };
}

/** Put a poll on a post, or take it off with null. */
export function putPoll(editor, item, asked) {
  const place = item.querySelector("[data-poll-place]");
  if (!asked) {
    place.replaceChildren();
    return;
  }
  const form = editor.querySelector("[data-poll-pattern]").content.querySelector("[data-poll]").cloneNode(true);
  [...form.querySelectorAll("[data-choice]")].forEach((field, at) => {
    field.value = asked.options[at] ?? "";
    count(field);
  });
  const [days, hours, minutes] = parts(form);
  days.value = Math.floor(asked.minutes / DAY);
  hours.value = Math.floor((asked.minutes % DAY) / HOUR);
  minutes.value = asked.minutes % HOUR;
  place.replaceChildren(form);
}

function count(field) {
  const letters = [...field.value.trim()].length;
  const left = field.parentElement.querySelector("[data-left]");
  left.textContent = `${letters}/${MOST_LETTERS}`;
  left.toggleAttribute("data-over", letters > MOST_LETTERS);
}

document.addEventListener("input", (event) => event.target.matches("[data-choice]") && count(event.target));
