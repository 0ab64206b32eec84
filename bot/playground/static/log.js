// The conversation on screen: its rows, its days, and where it is scrolled to.

import { button, element, icon } from "/nodes.js";
import { bubble, keyboard, nameOf, senderOf, service } from "/render.js";

const $ = (id) => document.getElementById(id);
const GROUP_S = 300; // messages of one sender this close together stand as one group
const DAY = new Intl.DateTimeFormat("ar", { day: "numeric", month: "long", numberingSystem: "latn" });

export class Log {
  #rows = new Map(); // message_id → row
  #handlers;
  #chat = null;
  #visitor = null;
  #unread = 0;
  #pinned = true; // the reader is at the end and stays there when the room changes

  // `handlers`: press, send, openedHere, toast, now; reply, edit, forward for a message's buttons.
  constructor(handlers) {
    this.#handlers = {
      ...handlers,
      goTo: (id) => this.goTo(id),
      named: (message) => this.#chat.type !== "private" && !this.#isMine(message),
      topic: (message) => this.#chat.topics[message.message_thread_id],
    };
    $("scroll").addEventListener("scroll", () => this.#scrolled(), { passive: true });
    $("down").addEventListener("click", () => this.toEnd(true));
    new ResizeObserver(() => this.#pinned && this.toEnd(false)).observe($("scroll"));
  }

  open(chat, visitor) {
    this.#chat = chat;
    this.#visitor = visitor;
    this.#rows.clear();
    $("log").replaceChildren();
    delete $("log").dataset.day;
    for (const message of chat.messages.values()) this.put(message, { fresh: false });
    this.#welcome();
    this.#setUnread(0);
    this.toEnd(false);
  }

  // «اليوم» stands above one day only, whenever the clock comes to another.
  redate() {
    const today = DAY.format(this.#handlers.now());
    for (const chip of $("log").querySelectorAll(".day")) chip.textContent = chip.dataset.day === today ? "اليوم" : chip.dataset.day;
  }

  put(message, { fresh }) {
    const known = this.#rows.get(message.message_id);
    const row = this.#draw(message);
    this.#rows.set(message.message_id, row);
    if (known) {
      const stick = this.nearEnd();
      known.replaceWith(row);
      if (stick) this.toEnd(false);
    } else this.#append(message, row, fresh);
    for (const each of [row, row.nextElementSibling, row.previousElementSibling]) if (each) group(each);
  }

  remove(messageId) {
    this.#rows.get(messageId)?.remove();
    this.#rows.delete(messageId);
  }

  notice(text, code = "", bad = false) {
    const node = element("div", bad ? "notice bad" : "notice", text);
    if (code) node.append(element("code", "", code));
    const stick = this.nearEnd();
    $("log").append(node);
    if (stick) this.toEnd(true);
    return node;
  }

  goTo(messageId) {
    const row = this.#rows.get(messageId);
    if (!row) return this.#handlers.toast("حُذفت الرسالة");
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    row.classList.remove("flash");
    requestAnimationFrame(() => row.classList.add("flash"));
  }

  nearEnd() {
    const box = $("scroll");
    return box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  }

  toEnd(smooth) {
    const behavior = smooth ? "smooth" : "instant";
    requestAnimationFrame(() => $("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior }));
  }

  #isMine(message) {
    return message.from?.id === this.#visitor.id;
  }

  #append(message, row, fresh) {
    const stick = this.#isMine(message) || this.nearEnd();
    const day = DAY.format(message.date * 1000);
    if ($("log").dataset.day !== day) {
      $("log").dataset.day = day;
      const chip = element("div", "day");
      chip.dataset.day = day;
      $("log").append(chip);
      this.redate();
    }
    $("log").append(row);
    this.#welcome();
    if (!fresh) row.style.animation = "none";
    if (stick) this.toEnd(fresh);
    else this.#setUnread(this.#unread + 1);
  }

  #draw(message) {
    const told = service(message);
    if (told) return element("div", "notice", told);
    const mine = this.#isMine(message);
    const row = element("article", mine ? "row mine" : "row");
    const sender = senderOf(message);
    Object.assign(row.dataset, { id: message.message_id, from: sender.id, date: message.date });
    row.setAttribute("aria-label", mine ? "رسالتك" : nameOf(sender));
    const stack = element("div", "stack");
    const keys = keyboard(message, this.#handlers);
    stack.append(bubble(message, this.#handlers), ...(keys ? [keys] : []));
    row.append(stack, this.#actions(message, mine));
    // Where there is no pointer to hover with, a tap shows what can be done with a message.
    stack.addEventListener("click", (event) => {
      if (!event.target.closest("a, button, [role=button]")) row.classList.toggle("tapped");
    });
    return row;
  }

  #actions(message, mine) {
    const box = element("div", "act");
    const add = (name, label, run) => {
      const node = button("", "", () => {
        node.closest(".row").classList.remove("tapped");
        run(message);
      });
      node.setAttribute("aria-label", label);
      node.title = label;
      node.append(icon(name));
      box.append(node);
    };
    add("reply", "ردّ", this.#handlers.reply);
    if (this.#handlers.forward) add("forward", "حوّل", this.#handlers.forward);
    if (mine && message.text && !message.via_bot) add("edit", "عدّل", this.#handlers.edit);
    return box;
  }

  #welcome() {
    $("welcome").hidden = this.#chat.type !== "private" || this.#rows.size > 0;
  }

  #scrolled() {
    this.#pinned = this.nearEnd();
    $("down").hidden = this.#pinned;
    if (this.#pinned) this.#setUnread(0);
  }

  #setUnread(count) {
    this.#unread = count;
    $("unread").hidden = count === 0;
    $("unread").textContent = String(count);
  }
}

function group(row) {
  if (!row.classList.contains("row")) return;
  const near = (other) =>
    other?.classList.contains("row") && other.dataset.from === row.dataset.from &&
    Math.abs(other.dataset.date - row.dataset.date) < GROUP_S;
  row.classList.toggle("first", !near(row.previousElementSibling));
  row.classList.toggle("last", !near(row.nextElementSibling));
}
