/** The composer's own words, in the page's language (planning/views/script_words.py). */
export const said = JSON.parse(document.getElementById("composer-words")?.textContent ?? "{}");
