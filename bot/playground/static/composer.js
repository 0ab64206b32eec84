// The place to write: growing field, command menu, reply and edit, examples.

import { element, summary } from "/render.js";

const $ = (id) => document.getElementById(id);

export class Composer {
  #input = $("input");
  #menu = $("menu");
  #commands = [];
  #choice = 0;
  #context = null; // { kind: "reply" | "edit", message }

  constructor({ onSend, onEdit }) {
    this.onSend = onSend;
    this.onEdit = onEdit;
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => setTimeout(() => this.#close(), 150));
    $("context-cancel").addEventListener("click", () => this.#setContext(null));
    $("menu-button").addEventListener("mousedown", (event) => event.preventDefault());
    $("menu-button").addEventListener("click", () => this.#toggleMenu());
  }

  setCommands(commands) {
    this.#commands = commands;
    $("menu-button").hidden = commands.length === 0;
  }

  setExamples(examples) {
    const chips = $("chips");
    chips.hidden = examples.length === 0;
    chips.replaceChildren(
      ...examples.map((text) => {
        const chip = element("button", "chip", text);
        chip.type = "button";
        chip.dir = "auto";
        chip.title = text;
        chip.addEventListener("click", () => this.onSend(text, null));
        return chip;
      }),
    );
    const fade = () => chips.classList.toggle("more", chips.scrollWidth - Math.abs(chips.scrollLeft) > chips.clientWidth + 4);
    chips.addEventListener("scroll", fade, { passive: true });
    new ResizeObserver(fade).observe(chips);
  }

  reply(message) {
    this.#setContext({ kind: "reply", message });
  }

  edit(message) {
    this.#setContext({ kind: "edit", message });
    this.#input.value = message.text;
    this.#changed();
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  #setContext(context) {
    this.#context = context;
    $("context").hidden = context === null;
    if (context) {
      $("context-title").textContent = context.kind === "reply" ? `ردّ على ${context.message.from.first_name}` : "تعديل الرسالة";
      $("context-snippet").textContent = summary(context.message);
      this.focus();
    }
  }

  #submit() {
    const text = this.#input.value;
    if (!text.trim()) return;
    const context = this.#context;
    if (context?.kind === "edit") this.onEdit(context.message, text);
    else this.onSend(text, context?.message ?? null);
    this.#input.value = "";
    this.#setContext(null);
    this.#changed();
  }

  #changed() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    $("send").disabled = !this.#input.value.trim();
    if (/^\/[a-z0-9_]*$/i.test(this.#input.value)) this.#open(this.#input.value.slice(1));
    else this.#close();
  }

  #toggleMenu() {
    if (this.#menu.hidden) {
      this.#open("");
      this.focus();
    } else this.#close();
  }

  #open(prefix) {
    const found = this.#commands.filter((c) => c.command.startsWith(prefix.toLowerCase()));
    this.#menu.replaceChildren(...found.map((command, i) => this.#option(command, i)));
    this.#choice = 0;
    const open = found.length > 0;
    this.#menu.hidden = !open;
    $("menu-button").setAttribute("aria-expanded", String(open));
    if (open) this.#mark(0);
  }

  #close() {
    this.#menu.hidden = true;
    $("menu-button").setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #option({ command, description }, i) {
    const item = element("li");
    item.id = `command-${i}`;
    item.setAttribute("role", "option");
    item.dataset.command = command;
    const name = element("b", "", `/${command}`);
    const about = element("span", "", description);
    about.dir = "auto";
    item.append(name, about);
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("pointermove", () => this.#choice === i || this.#mark(i));
    item.addEventListener("click", () => this.#choose(item));
    return item;
  }

  #mark(choice) {
    const items = [...this.#menu.children];
    this.#choice = (choice + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === this.#choice)));
    items[this.#choice].scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", items[this.#choice].id);
  }

  #choose(item) {
    this.#close();
    this.#input.value = "";
    this.#changed();
    this.onSend(`/${item.dataset.command}`, null);
  }

  #key(event) {
    if (event.isComposing) return;
    const open = !this.#menu.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (open && event.key in steps) {
      event.preventDefault();
      this.#mark(this.#choice + steps[event.key]);
    } else if (open && event.key === "Tab") {
      event.preventDefault();
      this.#input.value = `/${this.#menu.children[this.#choice].dataset.command} `;
      this.#changed();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (open) this.#choose(this.#menu.children[this.#choice]);
      else this.#submit();
    } else if (event.key === "Escape") {
      if (open) this.#close();
      else if (this.#context) this.#setContext(null);
    }
  }
}
