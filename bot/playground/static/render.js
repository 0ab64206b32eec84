// A Bot API message to DOM nodes. Text goes in through textContent only.

const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const ICONS = {
  out: "M7 17L17 7M9 7h8v8",
  chevron: "M6 9l6 6 6-6",
  reply: "M14 7l5 5-5 5M19 12H9a5 5 0 0 0-5 5v1",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
};
const TIME = new Intl.DateTimeFormat("ar", { hour: "numeric", minute: "2-digit", numberingSystem: "latn" });
const SIZE = new Intl.NumberFormat("ar", { maximumFractionDigits: 1, numberingSystem: "latn" });

export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// The direction of a paragraph: that of its first strong letter (UAX #9, P2 and P3).
export function direction(text) {
  const isolated = text.replace(/\u2066[^\u2069]*\u2069|\u2067[^\u2069]*\u2069|\u2068[^\u2069]*\u2069/g, "");
  const strong = /[\p{L}\u200e\u200f]/u.exec(isolated)?.[0] ?? "ا";
  return /[\u0590-\u08ff\ufb1d-\ufefc\u200f]/.test(strong) ? "rtl" : "ltr";
}

export function summary(message) {
  if (message.text ?? message.caption) return (message.text ?? message.caption).replace(/\s+/g, " ").slice(0, 120);
  if (message.document) return message.document.file_name;
  if (message.sticker) return message.sticker.emoji;
  return message.photo ? "صورة" : message.voice ? "رسالة صوتية" : "رسالة";
}

export function bubble(message, handlers) {
  const box = element("div", "bubble");
  if (message.reply_to_message) box.append(replyPreview(message.reply_to_message, handlers));
  if (message.document) box.append(fileRow(message.document));
  if (message.sticker || message.photo || message.voice) box.append(element("div", "text", summary(message)));
  const text = message.text ?? message.caption ?? "";
  const blocks = textBlocks(text, message.entities ?? message.caption_entities ?? [], handlers);
  box.append(...blocks);
  box.append(meta(message, text, blocks.at(-1)));
  return box;
}

function replyPreview(original, handlers) {
  const button = element("button", "reply");
  button.type = "button";
  const snippet = element("span", "", summary(original));
  snippet.dir = "auto";
  button.append(element("b", "", original.from.first_name), snippet);
  button.addEventListener("click", () => handlers.goTo(original.message_id));
  return button;
}

function fileRow(document_) {
  const row = element("div", "file");
  const badge = element("span", "file-icon");
  badge.append(icon("file"));
  const words = element("span");
  const name = element("b", "", document_.file_name);
  name.dir = "auto";
  words.append(name, element("small", "", `${SIZE.format(document_.file_size / 1024)} ك.ب`));
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

// Quotations and code blocks are blocks; what is between them is running text.
function textBlocks(text, entities, handlers) {
  const blocks = [];
  let at = 0;
  const running = (end) => {
    let [from, to] = [at, end];
    if (blocks.length && text[from] === "\n") from += 1; // the block already breaks the line
    if (to < text.length && text[to - 1] === "\n") to -= 1;
    if (to > from) {
      const node = element("div", "text");
      node.dir = "auto";
      node.append(...runs(text, from, to, entities, handlers));
      blocks.push(node);
    }
  };
  for (const entity of entities.filter((e) => BLOCKS.has(e.type))) {
    if (entity.offset < at) continue;
    running(entity.offset);
    blocks.push(block(text, entity, entities, handlers));
    at = entity.offset + entity.length;
  }
  running(text.length);
  return blocks;
}

function block(text, entity, entities, handlers) {
  const [from, to] = [entity.offset, entity.offset + entity.length];
  if (entity.type === "pre") {
    const node = element("pre", "code-block", text.slice(from, to));
    node.dir = "auto";
    return node;
  }
  const quote = element("blockquote", "quote");
  quote.dataset.dir = direction(text.slice(from, to));
  const body = element("span", "quote-body");
  body.append(...runs(text, from, to, entities, handlers));
  quote.append(body);
  if (entity.type === "expandable_blockquote") foldable(quote, body);
  return quote;
}

// Folded to three lines, with a button only where there is more.
function foldable(quote, body) {
  quote.classList.add("folds", "folded");
  const toggle = element("button", "fold");
  toggle.type = "button";
  const show = (folded) => {
    quote.classList.toggle("folded", folded);
    toggle.replaceChildren(icon("chevron"), folded ? "اقرأ الاقتباس كاملًا" : "اطوِ");
    toggle.setAttribute("aria-expanded", String(!folded));
  };
  show(true);
  toggle.addEventListener("click", () => show(!quote.classList.contains("folded")));
  quote.append(toggle);
  requestAnimationFrame(() => {
    if (body.scrollHeight > body.clientHeight + 2) return;
    quote.classList.remove("folds", "folded");
    toggle.remove();
  });
}

// Cuts [from, to) wherever an entity begins or ends; each piece wears all that cover it.
function runs(text, from, to, entities, handlers) {
  const inside = entities.filter((e) => !BLOCKS.has(e.type) && e.offset < to && e.offset + e.length > from);
  const cuts = new Set([from, to]);
  for (const e of inside) {
    cuts.add(Math.max(from, e.offset));
    cuts.add(Math.min(to, e.offset + e.length));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((start, i) => {
    const covering = inside.filter((e) => e.offset <= start && e.offset + e.length >= edges[i + 1]);
    return covering.reduceRight(
      (node, entity) => wrap(entity, node, text.slice(entity.offset, entity.offset + entity.length), handlers),
      document.createTextNode(text.slice(start, edges[i + 1])),
    );
  });
}

function wrap(entity, child, whole, handlers) {
  const node = wrapper(entity, whole, handlers);
  node.append(child);
  return node;
}

function wrapper(entity, whole, handlers) {
  if (entity.type in STYLES) return element(STYLES[entity.type]);
  if (entity.type === "text_link") return link(entity.url, handlers);
  if (entity.type === "url") return link(whole.includes("://") ? whole : `https://${whole}`, handlers);
  if (entity.type === "bot_command") return command(whole, handlers);
  if (entity.type === "spoiler") return spoiler();
  return element("span", ["mention", "hashtag"].includes(entity.type) ? "linklike" : "");
}

export function link(address, handlers) {
  const node = element("a");
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) return element("span", "linklike");
  node.href = url.href;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  node.title = address;
  node.addEventListener("click", (event) => {
    if (handlers.openedHere(url)) event.preventDefault();
  });
  return node;
}

function command(text, handlers) {
  const node = element("button", "linklike");
  node.type = "button";
  node.dir = "ltr";
  node.addEventListener("click", () => handlers.send(text));
  return node;
}

function spoiler() {
  const node = element("span", "spoiler");
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.setAttribute("aria-label", "نص مخفي، اضغط لإظهاره");
  const open = () => {
    node.classList.add("open");
    for (const name of ["role", "aria-label", "tabindex"]) node.removeAttribute(name);
  };
  node.addEventListener("click", open);
  node.addEventListener("keydown", (event) => event.key === "Enter" && open());
  return node;
}

export function keyboard(message, handlers) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const grid = element("div", "keys");
  for (const row of rows) {
    const line = element("div");
    line.append(...row.map((button) => key(button, message, handlers)));
    grid.append(line);
  }
  return grid;
}

function key(button, message, handlers) {
  const node = element("button", "key", button.text);
  node.type = "button";
  if (button.url) node.append(icon("out"));
  node.addEventListener("click", () => handlers.press(message, button, node));
  return node;
}
