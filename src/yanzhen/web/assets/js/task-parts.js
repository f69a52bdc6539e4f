/* Keeps words being typed. <task-parts> holds #parts, which fetches itself when something happens
   to a task; while one of its fields has words in it or a rule is open, it stays as it is. */

class TaskParts extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:beforeSwap", (event) => {
      const fetchesItself = event.detail.requestConfig?.elt?.id === "parts";
      if (fetchesItself && this.busy) event.detail.shouldSwap = false;
    });
  }

  get busy() {
    const fields = [...this.querySelectorAll("input:not([type=hidden])")];
    return fields.some((field) => field.value) || Boolean(this.querySelector("details[open]"));
  }
}

customElements.define("task-parts", TaskParts);
