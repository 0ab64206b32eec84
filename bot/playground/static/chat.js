// The page: draws the snapshot, then follows the stream of events.

import { act, follow, snapshot } from "/api.js";
import { drawChats, kindOf, pickChat, pictureOf, titleOf } from "/chats.js";
import { Composer } from "/composer.js";
import { Log } from "/log.js";
import { direction } from "/nodes.js";
import { Presses, toast } from "/press.js";

const $ = (id) => document.getElementById(id);
const TYPING_MS = 5500; // core.telegram.org/bots/api#sendchataction: "for 5 seconds or less"
const PATIENCE_MS = 20_000;
const NOW = new Intl.DateTimeFormat("ar", { weekday: "long", hour: "numeric", minute: "2-digit", numberingSystem: "latn" });
const timers = {};

// What the snapshot said, kept up to date; `chats` by id, the messages of each by theirs.
const state = { me: null, visitor: null, visitors: [], examples: [], chats: new Map(), online: null };
let current = Number(new URLSearchParams(location.search).get("chat")); // 0: the one with the bot
let lost = false;
let skew = 0; // by how many milliseconds the playground's clock is ahead of this machine's

const chat = () => state.chats.get(current);

async function perform(what, body) {
  try {
    return await act(what, { chat: current, ...body });
  } catch {
    toast("تعذّر الإرسال");
    return null;
  }
}

const presses = new Presses({ perform, start, inline: beginInline });
const composer = new Composer({
  chat: () => current,
  send: (text, replyTo) => perform("send", { text, reply_to: replyTo?.message_id }),
  edit: (message, text) => perform("edit", { message_id: message.message_id, text }),
  place: (query_id, result_id) => perform("choose", { query_id, result_id }),
  share: (place) => perform("location", place),
  attach: (what) => perform("attach", what),
  start,
});
const log = new Log({
  toast,
  now: () => Date.now() + skew,
  press: (...all) => presses.press(...all),
  openedHere: (url) => presses.openedHere(url),
  send: (text) => perform("send", { text }),
  reply: (message) => composer.reply(message),
  edit: (message) => composer.edit(message),
  forward,
});

function start(payload) {
  open(state.visitor.id);
  return perform("start", payload ? { payload } : {});
}

async function beginInline(query, here) {
  const where = here || state.chats.size === 1 ? current : await pickChat(state, "أرسل إلى");
  if (where === null) return;
  open(where);
  composer.ask(query);
}

async function forward(message) {
  const from = current;
  const to = state.chats.size === 1 ? from : await pickChat(state, "حوّل إلى");
  if (to === null) return;
  open(to);
  perform("forward", { message_id: message.message_id, chat: from, to });
}

// Which chat is open

// On a narrow screen the list of chats lies over the conversation.
function setListing(on) {
  $("frame").classList.toggle("listing", on);
  $("back").setAttribute("aria-expanded", String(on));
  if (on) $("chats").querySelector("[aria-current]")?.focus({ preventScroll: true });
}

function open(id) {
  setListing(false);
  if (id === current) return;
  current = id;
  const address = new URL(location.href);
  if (id === state.visitor.id) address.searchParams.delete("chat");
  else address.searchParams.set("chat", id);
  history.replaceState(null, "", address);
  drawChat();
}

function drawChat() {
  chat().unread = 0;
  $("title").textContent = titleOf(chat(), state.me);
  $("avatar").replaceWith(Object.assign(pictureOf(chat(), state.me), { id: "avatar" }));
  composer.open({
    commands: chat().commands,
    examples: chat().type === "private" ? state.examples : [],
  });
  log.open(chat(), state.visitor);
  clearTimeout(timers.patience);
  setTyping(false);
  listChats();
}

const listChats = () => drawChats(state, current, open);

// Whether the bot is there, writes, answers

function showStatus() {
  const isPrivate = chat()?.type === "private";
  const typing = !$("typing").hidden;
  const out = isOut();
  const there = state.online ? "متصل" : state.online === null ? "يستعدّ…" : "متوقف";
  const quiet = isPrivate ? there : kindOf(chat() ?? { type: "group" }) + (out ? " ليس البوت فيها" : "");
  $("status").textContent = lost ? "انقطع الاتصال" : typing ? `${isPrivate ? "" : `${state.me.first_name} `}يكتب…` : quiet;
  $("status").className = lost || state.online === false ? "off" : state.online && (isPrivate || typing) ? "live" : "";
  $("banner").hidden = !(lost || state.online === false);
  $("banner").textContent = lost
    ? "انقطع الاتصال بالخادم المحلي. نعيد المحاولة…"
    : "البوت لا يجيب: لم يسأل عن رسائل جديدة منذ ثوانٍ. تحقّق من النافذة التي شغّلته فيها.";
  $("composer").hidden = isPrivate && out;
  $("unblock").hidden = !(isPrivate && out);
  $("bot-out").textContent = isPrivate ? (out ? "ألغِ حظر البوت" : "احظر البوت") : out ? "أضف البوت" : "أخرج البوت";
}

const isOut = () => ["left", "kicked"].includes(chat()?.bot);

function setTyping(on) {
  clearTimeout(timers.typing);
  const stick = log.nearEnd();
  $("typing").hidden = !on;
  if (on) timers.typing = setTimeout(() => setTyping(false), TYPING_MS);
  if (on && stick) log.toEnd(true);
  showStatus();
}

function expectAnswer() {
  clearTimeout(timers.patience);
  timers.patience = setTimeout(() => {
    timers.late = log.notice("لم يُجب البوت بعد. قد يكون مشغولًا.");
  }, PATIENCE_MS);
}

function answered() {
  clearTimeout(timers.patience);
  timers.late?.remove?.();
  setTyping(false);
}

function toggleBot() {
  $("more").hidePopover();
  if (chat().type === "private") perform("block", { blocked: !isOut() });
  else perform("member", { present: isOut() });
}

// What is due at a later hour (a digest) comes when the clock is put there, or passes by.
async function later(hours) {
  $("more").hidePopover();
  const answer = await perform("later", { hours });
  if (!answer) return;
  setClock(answer.now);
  toast(`الساعة الآن: ${NOW.format(answer.now * 1000)}. ما حان موعده يصل خلال لحظات.`);
}

function setClock(now) {
  skew = now * 1000 - Date.now();
  log.redate();
}

// What happens

function arrived(message) {
  const where = state.chats.get(message.chat.id);
  where.messages.set(message.message_id, message);
  if (message.chat.id !== current) where.unread = (where.unread ?? 0) + 1;
  else {
    log.put(message, { fresh: true });
    if (message.from?.id === state.me.id) answered();
    else if (chat().type === "private") expectAnswer();
  }
  listChats();
}

const ON = {
  message: arrived,
  edit: (message) => {
    const known = state.chats.get(message.chat.id).messages;
    if (!known.has(message.message_id)) return;
    known.set(message.message_id, message);
    if (message.chat.id === current) log.put(message, { fresh: true });
    listChats();
  },
  delete: ({ chat_id, message_id }) => {
    state.chats.get(chat_id).messages.delete(message_id);
    if (chat_id === current) log.remove(message_id);
    listChats();
  },
  action: ({ chat_id }) => chat_id === current && setTyping(true),
  answer: (answer) => presses.answered(answer),
  inline: (answer) => composer.inlineAnswered(answer),
  member: ({ chat_id, status }) => {
    state.chats.get(chat_id).bot = status;
    if (chat_id === current) showStatus();
  },
  refused: ({ chat_id, method, code, description }) => {
    if (![0, current].includes(chat_id) || (code === 400 && description.includes("not modified"))) return;
    log.notice("رفض الخادم طلبًا من البوت", `${method}: ${code} ${description}`, true);
  },
  clock: ({ now }) => setClock(now),
  commands: async () => {
    for (const one of (await snapshot()).chats) state.chats.get(one.id).commands = one.commands;
    composer.setCommands(chat().commands);
  },
  status: ({ online }) => {
    state.online = online;
    showStatus();
  },
};

function draws(snapshot_) {
  Object.assign(state, snapshot_, {
    chats: new Map(snapshot_.chats.map((one) => [one.id, { ...one, messages: new Map(one.messages.map((m) => [m.message_id, m])) }])),
  });
  skew = state.now * 1000 - Date.now();
  if (!state.chats.has(current)) current = state.visitor.id;
  const { me } = state;
  presses.of(me.username);
  composer.of(me.username);
  document.title = state.visitors.length > 1 ? `${me.first_name}: ${state.visitor.first_name}` : `${me.first_name}: تجربة محلية`;
  $("welcome-name").textContent = me.first_name;
  $("welcome-avatar").textContent = [...me.first_name][0];
  $("welcome-text").textContent = state.description || "اسألني عن خبر، أُجبك بنصّ الجملة ومصدرها وتاريخها.";
  $("welcome-text").dir = direction($("welcome-text").textContent);
  drawChat();
}

async function begin() {
  try {
    const found = await snapshot();
    draws(found);
    const source = follow(found.seq, {
      onEvent: (kind, data) => {
        if (data.chat_id && !state.chats.has(data.chat_id)) {
          source.close(); // a chat that came after the snapshot
          begin();
        } else ON[kind](data);
      },
      onReset: begin,
      onLost: () => { lost = true; showStatus(); },
      onFound: () => { lost = false; showStatus(); },
    });
  } catch {
    lost = true;
    showStatus();
    setTimeout(begin, 2000);
  }
}

$("start").addEventListener("click", () => start(null));
$("unblock").addEventListener("click", () => perform("block", { blocked: false }));
$("bot-out").addEventListener("click", toggleBot);
$("hour-later").addEventListener("click", () => later(1));
$("day-later").addEventListener("click", () => later(24));
$("back").addEventListener("click", () => setListing(true));
$("frame").addEventListener("click", (event) => event.target.closest("#side, #back") ?? setListing(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && setListing(false));
// On a touch screen the focus would raise the keyboard over the welcome.
if (matchMedia("(hover: hover)").matches && window === window.top) composer.focus();
begin();
