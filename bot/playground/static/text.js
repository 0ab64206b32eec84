// A text and its entities to DOM nodes. Text goes in through textContent only.

import { button, direction, element, icon } from "/nodes.js";

const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

// Quotations and code blocks are blocks; what is between them is running text.
export function textBlocks(text, entities, handlers) {
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
  const toggle = button("fold", "", () => show(!quote.classList.contains("folded")));
  const show = (folded) => {
    quote.classList.toggle("folded", folded);
    toggle.replaceChildren(icon("chevron"), folded ? "اقرأ الاقتباس كاملًا" : "اطوِ");
    toggle.setAttribute("aria-expanded", String(!folded));
  };
  show(true);
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
  return pressable(element("span", "linklike"), () => handlers.send(text));
}

function spoiler() {
  const node = pressable(element("span", "spoiler"), () => {
    node.classList.add("open");
    for (const name of ["role", "aria-label", "tabindex"]) node.removeAttribute(name);
  });
  node.setAttribute("aria-label", "نص مخفي، اضغط لإظهاره");
  return node;
}

// A stretch of text that can be pressed. A button would be a box in the line, and change the
// direction and the order of what stands around it, which nothing does in Telegram.
function pressable(node, run) {
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.addEventListener("click", run);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    run();
  });
  return node;
}
