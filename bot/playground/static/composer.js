// The place to write: growing field, commands, inline queries, reply and edit, examples, attachments.

import { Inline } from "/inline.js";
import { button, element } from "/nodes.js";
import { Options } from "/options.js";
import { nameOf, senderOf, summary } from "/render.js";

const $ = (id) => document.getElementById(id);
// A place is shared by choosing one: a page that asks where its reader really is would be rude.
const PLACES = [
  ["القاهرة", 30.0444, 31.2357],
  ["الرياض", 24.7136, 46.6753],
  ["بغداد", 33.3152, 44.3661],
  ["الدار البيضاء", 33.5731, -7.5898],
  ["لندن", 51.5072, -0.1276],
];
const KINDS = { sticker: "ملصق", photo: "صورة", voice: "رسالة صوتية" };

export class Composer {
  #input = $("input");
  #options = new Options($("menu"), $("input"), $("menu-button"));
  #inline;
  #commands = [];
  #context = null; // { kind: "reply" | "edit", message }
  #on;

  // `on`: send, edit, place (an inline result), start, share, attach; `chat` is the chat's id now.
  constructor(on) {
    this.#on = on;
    this.#inline = new Inline({
      show: (options, look) => this.#options.show(options, look),
      chosen: (query, result) => this.#sent(() => on.place(query, result)),
      started: (payload) => this.#sent(() => on.start(payload)),
    });
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    $("context-cancel").addEventListener("click", () => this.#setContext(null));
    $("menu-button").addEventListener("mousedown", (event) => event.preventDefault());
    $("menu-button").addEventListener("click", () => this.#toggleMenu());
    this.#attachments();
  }

  of(username) {
    this.#inline.of(username);
  }

  // What a chat offers: its commands, and examples in the chat with the bot.
  open({ commands, examples }) {
    this.#commands = commands;
    $("menu-button").hidden = commands.length === 0;
    this.#setContext(null);
    this.#options.close();
    this.#drawExamples(examples);
  }

  setCommands(commands) {
    this.#commands = commands;
    $("menu-button").hidden = commands.length === 0;
  }

  inlineAnswered(answer) {
    this.#inline.answered(answer);
  }

  // Begins an inline query with this text.
  ask(query) {
    this.#write(`${this.#inline.mention}${query}`);
    this.focus();
  }

  reply(message) {
    this.#setContext({ kind: "reply", message });
  }

  edit(message) {
    this.#setContext({ kind: "edit", message });
    this.#write(message.text);
  }

  focus() {
    this.#input.focus({ preventScroll: true });
  }

  #write(text) {
    this.#input.value = text;
    this.#changed();
  }

  #drawExamples(examples) {
    const chips = $("chips");
    chips.hidden = examples.length === 0;
    chips.replaceChildren(
      ...examples.map((text) => {
        const chip = button("chip", text, () => this.#on.send(text, null));
        chip.dir = "auto";
        chip.title = text;
        return chip;
      }),
    );
    const fade = () => chips.classList.toggle("more", chips.scrollWidth - Math.abs(chips.scrollLeft) > chips.clientWidth + 4);
    chips.onscroll = fade;
    new ResizeObserver(fade).observe(chips);
  }

  #attachments() {
    const choose = (label, run) => button("", label, () => {
      $("attach").hidePopover();
      run();
    });
    $("attach").replaceChildren(
      element("p", "", "شارك موقعًا"),
      ...PLACES.map(([name, latitude, longitude]) => choose(name, () => this.#on.share({ latitude, longitude }))),
      element("p", "", "أو أرسل"),
      ...Object.entries(KINDS).map(([kind, label]) => choose(label, () => this.#on.attach({ kind }))),
    );
  }

  #setContext(context) {
    this.#context = context;
    $("context").hidden = context === null;
    if (context) {
      const name = nameOf(senderOf(context.message));
      $("context-title").textContent = context.kind === "reply" ? `ردّ على ${name}` : "تعديل الرسالة";
      $("context-snippet").textContent = summary(context.message);
      this.focus();
    }
  }

  #submit() {
    const text = this.#input.value;
    if (!text.trim()) return;
    const context = this.#context;
    if (context?.kind === "edit") this.#sent(() => this.#on.edit(context.message, text));
    else this.#sent(() => this.#on.send(text, context?.message ?? null));
  }

  // Does it, and clears what was written for it.
  #sent(act) {
    act();
    this.#setContext(null);
    this.#write("");
  }

  #changed() {
    const text = this.#input.value;
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    $("send").disabled = !text.trim();
    const question = this.#inline.read(text);
    this.#inline.cancel();
    if (question !== null) this.#inline.type(question, this.#on.chat());
    else if (/^\/[a-z0-9_]*$/i.test(text)) this.#offerCommands(text.slice(1));
    else if (this.#inline.begins(text)) this.#offerName();
    else this.#options.close();
  }

  #toggleMenu() {
    if (this.#options.open) return this.#options.close();
    this.#offerCommands("");
    this.focus();
  }

  #offerCommands(prefix) {
    const found = this.#commands.filter((c) => c.command.startsWith(prefix.toLowerCase()));
    this.#options.show(
      found.map(({ command, description }) => ({
        name: `/${command}`,
        about: description,
        ltr: true,
        choose: () => this.#sent(() => this.#on.send(`/${command}`, null)),
        complete: () => this.#write(`/${command} `),
      })),
    );
  }

  #offerName() {
    const complete = () => this.#write(this.#inline.mention);
    this.#options.show([{ name: this.#inline.mention.trim(), about: "اسأله من أي محادثة", ltr: true, choose: complete, complete }]);
  }

  #key(event) {
    if (event.isComposing || this.#options.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#context) this.#setContext(null);
  }
}
