// What happens when an inline button or a link to the bot is pressed, and what the bot says to it.

import { link } from "/text.js";

const $ = (id) => document.getElementById(id);
const PATIENCE_MS = 20_000;
let fading = 0;

export function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(fading);
  fading = setTimeout(() => $("toast").classList.remove("on"), 2600 + text.length * 30);
}

export class Presses {
  #busy = new Map(); // query_id → button
  #perform;
  #start;
  #inline;
  #username;

  // `perform` asks the server; `start` starts the bot with a payload; `inline` begins an inline
  // query with a text, here or in a chat that is to be chosen.
  constructor({ perform, start, inline }) {
    this.#perform = perform;
    this.#start = start;
    this.#inline = inline;
  }

  of(username) {
    this.#username = username;
  }

  async press(message, button, node) {
    if (button.url) {
      const url = new URL(button.url);
      if (!this.openedHere(url)) link(button.url, { openedHere: () => false }).click();
    } else if (button.copy_text) {
      await navigator.clipboard.writeText(button.copy_text.text);
      toast("نُسخ");
    } else if (button.callback_data) await this.#ask(message, button, node);
    else if ("switch_inline_query_current_chat" in button) this.#inline(button.switch_inline_query_current_chat, true);
    else if ("switch_inline_query" in button) this.#inline(button.switch_inline_query, false);
    else if (button.switch_inline_query_chosen_chat) this.#inline(button.switch_inline_query_chosen_chat.query ?? "", false);
    else toast("لا يعمل هذا الزر إلا في تلغرام");
  }

  // A deep link to this very bot starts it here instead of leaving for Telegram.
  openedHere(url) {
    const ours = ["t.me", "telegram.me"].includes(url.hostname) && url.pathname.slice(1) === this.#username;
    if (!ours) return false;
    this.#start(url.searchParams.get("start"));
    return true;
  }

  answered({ query_id, text, show_alert, url }) {
    // The answer may overtake the response that names the query.
    setTimeout(() => this.#settle(query_id), this.#busy.has(query_id) ? 0 : 300);
    if (url) this.openedHere(new URL(url));
    if (!text) return;
    if (!show_alert) return toast(text);
    $("alert-text").textContent = text;
    $("alert").showModal();
  }

  async #ask(message, button, node) {
    node.classList.add("busy");
    const answer = await this.#perform("press", { message_id: message.message_id, data: button.callback_data });
    if (!answer) return node.classList.remove("busy");
    this.#busy.set(answer.query_id, node);
    setTimeout(() => this.#settle(answer.query_id) && toast("لم يُجب البوت عن الزر"), PATIENCE_MS);
  }

  #settle(queryId) {
    this.#busy.get(queryId)?.classList.remove("busy");
    return this.#busy.delete(queryId);
  }
}
