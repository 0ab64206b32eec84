// The list of chats beside the conversation, and who the page is used as.

import { user } from "/api.js";
import { avatar, button, element } from "/nodes.js";
import { nameOf, senderOf, summary } from "/render.js";

const $ = (id) => document.getElementById(id);
const KINDS = { private: "البوت", group: "مجموعة", supergroup: "مجموعة", channel: "قناة" };

// The bot's picture is the blue one.
export const pictureOf = (chat, me) => avatar(titleOf(chat, me), chat.type === "private" ? 0 : chat.id);
export const titleOf = (chat, me) => (chat.type === "private" ? me.first_name : chat.title);
export const kindOf = (chat) => KINDS[chat.type];

// `open` is told the id of the chat that is chosen.
export function drawChats(state, current, open) {
  const alone = state.chats.size === 1 && state.visitors.length === 1;
  $("side").hidden = alone;
  $("back").hidden = alone;
  $("both").hidden = state.visitors.length < 2 || window !== window.top;
  $("people").replaceChildren(...state.visitors.map(person));
  $("chats").replaceChildren(
    ...[...state.chats.values()].map((chat) => {
      const row = button("chat-row", "", () => open(chat.id));
      if (chat.id === current) row.setAttribute("aria-current", "true");
      const title = titleOf(chat, state.me);
      const words = element("span", "chat-words");
      const name = element("b", "", title);
      name.dir = "auto";
      const last = element("span", "", lastLine(chat, state));
      last.dir = "auto";
      words.append(name, last);
      row.append(pictureOf(chat, state.me), words);
      if (chat.unread) row.append(element("span", "count", String(chat.unread)));
      return row;
    }),
  );
}

// A dialog that asks for a chat; null where none was chosen.
export function pickChat(state, title) {
  return new Promise((done) => {
    const dialog = $("picker");
    let picked = null;
    $("picker-title").textContent = title;
    $("picker-chats").replaceChildren(
      ...[...state.chats.values()].map((chat) => {
        const row = button("chat-row", "", () => {
          picked = chat.id;
          dialog.close();
        });
        row.append(pictureOf(chat, state.me), element("b", "", titleOf(chat, state.me)));
        return row;
      }),
    );
    dialog.addEventListener("close", () => done(picked), { once: true });
    dialog.showModal();
  });
}

function person(name, i) {
  const link = element("a", "", name);
  link.href = `/?user=${i + 1}`;
  link.dir = "auto";
  if (i + 1 === user) link.setAttribute("aria-current", "true");
  return link;
}

function lastLine(chat, state) {
  const last = [...chat.messages.values()].at(-1);
  if (!last) return kindOf(chat);
  const sender = senderOf(last);
  const mine = sender.id === state.visitor.id;
  const name = chat.type === "private" || chat.type === "channel" ? "" : `${mine ? "أنت" : nameOf(sender)}: `;
  return name + summary(last);
}
