// The list above the place to write: commands, or the results of an inline query. The focus stays
// in the field; arrows, Enter and Tab choose (the combobox pattern of w3.org/WAI/ARIA/apg).

import { element } from "/nodes.js";

export class Options {
  #box;
  #input;
  #button;
  #options = [];
  #choice = 0;

  constructor(box, input, button) {
    this.#box = box;
    this.#input = input;
    this.#button = button;
    input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && this.close(), 150));
  }

  get open() {
    return !this.#box.hidden;
  }

  // An option: `name`, `about`, `choose` and, for Tab, `complete`; `kind` is its looks, `ltr` a
  // name that is Latin. `choice` is the one that Enter takes.
  show(options, { choice = 0, hint = "" } = {}) {
    this.#options = options;
    const rows = options.map((option, i) => this.#row(option, i));
    if (hint) {
      const line = element("li", "hint", hint);
      line.setAttribute("role", "presentation");
      rows.push(line);
    }
    this.#box.replaceChildren(...rows);
    this.#box.hidden = rows.length === 0;
    this.#say();
    if (options.length) this.#mark(choice);
  }

  close() {
    this.#options = [];
    this.#box.hidden = true;
    this.#say();
    this.#input.removeAttribute("aria-activedescendant");
  }

  // Whether the key meant the list.
  key(event) {
    if (!this.open) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const option = this.#options[this.#choice];
    if (event.key === "Escape") this.close();
    else if (!option) return false;
    else if (event.key in steps) this.#mark(this.#choice + steps[event.key]);
    else if (event.key === "Tab" && option.complete) option.complete();
    else if (event.key === "Enter" && !event.shiftKey) option.choose();
    else return false;
    event.preventDefault();
    return true;
  }

  #row({ name, about, choose, kind = "", ltr = false }, i) {
    const row = element("li", kind);
    row.id = `option-${i}`;
    row.setAttribute("role", "option");
    const title = element("b", "", name);
    title.dir = ltr ? "ltr" : "auto";
    row.append(title);
    if (about) {
      const more = element("span", "", about);
      more.dir = "auto";
      row.append(more);
    }
    row.addEventListener("mousedown", (event) => event.preventDefault());
    row.addEventListener("pointermove", () => this.#choice === i || this.#mark(i));
    row.addEventListener("click", choose);
    return row;
  }

  #mark(choice) {
    const rows = [...this.#box.querySelectorAll("[role=option]")];
    this.#choice = (choice + rows.length) % rows.length;
    rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === this.#choice)));
    rows[this.#choice].scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", rows[this.#choice].id);
  }

  #say() {
    for (const node of [this.#button, this.#input]) node.setAttribute("aria-expanded", String(this.open));
  }
}
