/* Light, dark or as the system says. boot.js applies the choice before the first paint. */

const KEY = "yanzhen-theme";
const root = document.documentElement;

function remember(value) {
  try {
    if (value) localStorage.setItem(KEY, value);
    else localStorage.removeItem(KEY);
  } catch {
    /* Storage is blocked: the choice lasts for this page. */
  }
}

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.value) root.dataset.theme = button.value;
      else delete root.dataset.theme;
      remember(button.value);
      this.show();
    });
    this.show();
  }

  show() {
    const chosen = root.dataset.theme ?? "";
    for (const button of this.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
  }
}

customElements.define("theme-switch", ThemeSwitch);
