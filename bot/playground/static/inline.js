// Inline mode: `@bot question` in the place to write asks the bot, a chosen result is sent.

import { act } from "/api.js";

const PAUSE_MS = 250; // between the last letter and the query, as clients do

export class Inline {
  #show;
  #chosen;
  #started;
  #early = new Map(); // answers that overtook the response which names their query
  #query = null; // the id of the last one
  #waiting = 0;
  #username = "";

  // `show(options, { choice, hint })` draws results, `chosen(query, result)` sends one, `started`
  // opens the chat with the bot by the button above them.
  constructor({ show, chosen, started }) {
    this.#show = show;
    this.#chosen = chosen;
    this.#started = started;
  }

  of(username) {
    this.#username = username;
  }

  get mention() {
    return `@${this.#username} `;
  }

  // The question in what is written, or null where it is none.
  read(text) {
    const isOurs = text.toLowerCase().startsWith(this.mention.toLowerCase());
    return isOurs ? text.slice(this.mention.length) : null;
  }

  // Whether somebody begins to write the bot's name.
  begins(text) {
    return text.length > 1 && this.mention.toLowerCase().startsWith(text.toLowerCase());
  }

  type(question, chat) {
    this.cancel();
    this.#waiting = setTimeout(() => this.#ask(question, chat), PAUSE_MS);
  }

  cancel() {
    clearTimeout(this.#waiting);
    this.#query = null;
  }

  answered(answer) {
    if (answer.query_id === this.#query) this.#draw(answer);
    else this.#early.set(answer.query_id, answer);
  }

  async #ask(query, chat) {
    this.#show([], { hint: "يبحث…" });
    const waiting = this.#waiting;
    const { query_id } = await act("inline", { query, chat });
    if (waiting !== this.#waiting) return; // typed on
    this.#query = query_id;
    const early = this.#early.get(query_id);
    this.#early.clear();
    if (early) this.#draw(early);
  }

  #draw({ query_id, results, button }) {
    const options = results.map((result) => ({
      name: result.title ?? "",
      about: result.description ?? "",
      kind: "result",
      choose: () => this.#chosen(query_id, result.id),
    }));
    if (button) {
      options.unshift({
        name: button.text,
        kind: "switch",
        choose: () => this.#started(button.start_parameter),
      });
    }
    this.#show(options, { choice: button && results.length ? 1 : 0, hint: options.length ? "" : "لا نتائج" });
  }
}
