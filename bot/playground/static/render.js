// A Bot API message to a bubble and its keyboard. Text goes in through textContent only.

import { fileUrl } from "/api.js";
import { button, direction, element, icon } from "/nodes.js";
import { textBlocks } from "/text.js";

const TIME = new Intl.DateTimeFormat("ar", { hour: "numeric", minute: "2-digit", numberingSystem: "latn" });
const SIZE = new Intl.NumberFormat("ar", { maximumFractionDigits: 1, numberingSystem: "latn" });
const PLACE = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });

export const senderOf = (message) => message.from ?? message.sender_chat;
export const nameOf = (sender) => sender.first_name ?? sender.title;

export function summary(message) {
  if (message.text ?? message.caption) return (message.text ?? message.caption).replace(/\s+/g, " ").slice(0, 120);
  if (message.document) return message.document.file_name;
  if (message.sticker) return message.sticker.emoji;
  if (message.location) return "موقع";
  return service(message) ?? (message.photo ? "صورة" : message.voice ? "رسالة صوتية" : "رسالة");
}

// What a message tells that nobody wrote; null for one that somebody did.
export function service(message) {
  const who = nameOf(senderOf(message));
  if (message.new_chat_members) return `أضاف ${who} البوت`;
  if (message.left_chat_member) return `أخرج ${who} البوت`;
  if (message.migrate_from_chat_id) return "صارت المجموعة مجموعة كبيرة";
  if (message.migrate_to_chat_id) return "انتقلت المجموعة";
  if (message.forum_topic_created) return `فتح ${who} موضوع «${message.forum_topic_created.name}»`;
  if (message.forum_topic_closed) return "أُغلق الموضوع";
  return null;
}

// `handlers.topic` gives the name of a message's topic, if it is in one.
export function bubble(message, handlers) {
  const box = element("div", "bubble");
  box.append(...headlines(message, handlers));
  if (message.reply_to_message) box.append(replyPreview(message.reply_to_message, handlers));
  if (message.document) box.append(fileRow(message.document));
  if (message.location) box.append(placeRow(message.location));
  if (message.sticker) box.append(element("div", "text sticker", message.sticker.emoji));
  else if (message.photo || message.voice) box.append(element("div", "text", message.photo ? "🖼 صورة" : "🎤 رسالة صوتية"));
  const text = message.text ?? message.caption ?? "";
  const blocks = textBlocks(text, message.entities ?? message.caption_entities ?? [], handlers);
  box.append(...blocks);
  box.append(meta(message, text, blocks.at(-1)));
  return box;
}

function headlines(message, handlers) {
  const lines = [];
  const line = (className, text) => {
    const node = element("div", className, text);
    node.dir = "auto";
    lines.push(node);
    return node;
  };
  if (handlers.named(message)) line("sender", nameOf(senderOf(message))).dataset.tone = Math.abs(senderOf(message).id) % 6;
  const origin = message.forward_origin;
  if (origin) line("origin", `محوّلة من ${origin.sender_user_name ?? nameOf(origin.chat ?? origin.sender_user)}`);
  if (message.via_bot) line("origin", `عبر \u2066@${message.via_bot.username}\u2069`);
  const topic = handlers.topic(message);
  if (topic) line("origin topic", topic);
  return lines;
}

function replyPreview(original, handlers) {
  const node = button("reply", "", () => handlers.goTo(original.message_id));
  const snippet = element("span", "", summary(original));
  snippet.dir = "auto";
  node.append(element("b", "", nameOf(senderOf(original))), snippet);
  return node;
}

function fileRow(document_) {
  const row = element("a", "file");
  row.href = fileUrl(document_.file_id);
  row.download = document_.file_name;
  const badge = element("span", "file-icon");
  badge.append(icon("file"));
  const words = element("span");
  const name = element("b", "", document_.file_name);
  name.dir = "auto";
  words.append(name, element("small", "", size(document_.file_size)));
  row.append(badge, words);
  return row;
}

function size(bytes) {
  return bytes < 1024 ? `${SIZE.format(bytes)} بايت` : `${SIZE.format(bytes / 1024)} ك.ب`;
}

function placeRow({ latitude, longitude }) {
  const row = element("div", "file");
  const badge = element("span", "file-icon");
  badge.append(icon("place"));
  const words = element("span");
  const where = element("small", "", `${PLACE.format(latitude)}, ${PLACE.format(longitude)}`);
  where.dir = "ltr";
  words.append(element("b", "", "موقع"), where);
  row.append(badge, words);
  return row;
}

// The time stands on the last line where that line is plain text, as in Telegram; below a block.
function meta(message, text, last) {
  const line = element("div", "meta");
  if (message.edit_date) line.append(element("span", "", "معدّلة"));
  const time = element("time", "", TIME.format(message.date * 1000));
  time.dateTime = new Date(message.date * 1000).toISOString();
  line.append(time);
  if (last?.classList.contains("text")) {
    const way = direction(text.slice(text.lastIndexOf("\n") + 1));
    line.classList.add("inline");
    line.dataset.dir = way;
    last.classList.add("tail");
    last.style.setProperty("--room", message.edit_date ? "104px" : "62px");
  }
  return line;
}

// Rows as they were sent, never mirrored.
export function keyboard(message, handlers) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const grid = element("div", "keys");
  for (const row of rows) {
    const line = element("div");
    line.append(...row.map((one) => key(one, message, handlers)));
    grid.append(line);
  }
  return grid;
}

function key(one, message, handlers) {
  const node = button("key", "", () => handlers.press(message, one, node));
  node.append(element("span", "", one.text)); // one line: what is longer is cut, as clients do
  if (one.url) node.append(icon("out"));
  else if (Object.keys(one).some((name) => name.startsWith("switch_inline_query"))) node.append(icon("inline"));
  return node;
}
