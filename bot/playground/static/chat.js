// The chat: draws the snapshot, then follows the stream of events.

import { act, follow, snapshot } from "/api.js";
import { Composer } from "/composer.js";
import { bubble, direction, element, icon, keyboard, link } from "/render.js";

const $ = (id) => document.getElementById(id);
const TYPING_MS = 5500; // core.telegram.org/bots/api#sendchataction: "for 5 seconds or less"
const PATIENCE_MS = 20_000;
const GROUP_S = 300; // messages of one sender this close together stand as one group
const DAY = new Intl.DateTimeFormat("ar", { day: "numeric", month: "long", numberingSystem: "latn" });

const messages = new Map(); // message_id → { message, row }
const busyKeys = new Map(); // query_id → button
const timers = {};
let me = null;
let online = null; // true, false, or null while the bot has not come yet
let lost = false;
let unread = 0;
let pinned = true; // the reader is at the end and stays there when the room changes

const composer = new Composer({
  onSend: (text, replyTo) => perform("send", { text, reply_to: replyTo?.message_id }),
  onEdit: (message, text) => perform("edit", { message_id: message.message_id, text }),
});
const handlers = { goTo, openedHere, press, send: (text) => perform("send", { text }) };

async function perform(what, body) {
  try {
    return await act(what, body);
  } catch {
    toast("تعذّر الإرسال");
    return null;
  }
}

// Drawing messages

function put(message, { fresh }) {
  const known = messages.get(message.message_id);
  const row = draw(message);
  messages.set(message.message_id, { message, row });
  if (known) known.row.replaceWith(row);
  else append(message, row, fresh);
  group(row);
  if (row.nextElementSibling) group(row.nextElementSibling);
  if (row.previousElementSibling) group(row.previousElementSibling);
}

function append(message, row, fresh) {
  const mine = message.from.id !== me.id;
  const stick = mine || nearEnd();
  const day = DAY.format(message.date * 1000);
  if ($("log").dataset.day !== day) {
    $("log").dataset.day = day;
    $("log").append(element("div", "day", day === DAY.format(Date.now()) ? "اليوم" : day));
  }
  $("log").append(row);
  $("welcome").hidden = true;
  if (!fresh) row.style.animation = "none";
  if (stick) toEnd(fresh);
  else setUnread(unread + 1);
  if (fresh) mine ? expectAnswer() : answered();
}

function draw(message) {
  const mine = message.from.id !== me.id;
  const row = element("article", mine ? "row mine" : "row");
  Object.assign(row.dataset, { id: message.message_id, from: message.from.id, date: message.date });
  row.setAttribute("aria-label", mine ? "رسالتك" : message.from.first_name);
  const stack = element("div", "stack");
  const keys = keyboard(message, handlers);
  stack.append(bubble(message, handlers), ...(keys ? [keys] : []));
  row.append(stack, actions(message, mine));
  return row;
}

function actions(message, mine) {
  const box = element("div", "act");
  const add = (name, label, run) => {
    const button = element("button");
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.title = label;
    button.append(icon(name));
    button.addEventListener("click", run);
    box.append(button);
  };
  add("reply", "ردّ", () => composer.reply(message));
  if (mine && message.text) add("edit", "عدّل", () => composer.edit(message));
  return box;
}

function group(row) {
  if (!row.classList.contains("row")) return;
  const near = (other) =>
    other?.classList.contains("row") && other.dataset.from === row.dataset.from &&
    Math.abs(other.dataset.date - row.dataset.date) < GROUP_S;
  row.classList.toggle("first", !near(row.previousElementSibling));
  row.classList.toggle("last", !near(row.nextElementSibling));
}

function notice(text, code = "", bad = false) {
  const node = element("div", bad ? "notice bad" : "notice", text);
  if (code) node.append(element("code", "", code));
  const stick = nearEnd();
  $("log").append(node);
  if (stick) toEnd(true);
  return node;
}

// Scrolling

function nearEnd() {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 120;
}

function toEnd(smooth) {
  const behavior = smooth ? "smooth" : "instant";
  requestAnimationFrame(() => $("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior }));
}

function setUnread(count) {
  unread = count;
  $("unread").hidden = count === 0;
  $("unread").textContent = String(count);
}

$("scroll").addEventListener("scroll", () => {
  pinned = nearEnd();
  $("down").hidden = pinned;
  if (pinned) setUnread(0);
}, { passive: true });
$("down").addEventListener("click", () => toEnd(true));
new ResizeObserver(() => pinned && toEnd(false)).observe($("scroll"));

function goTo(messageId) {
  const row = messages.get(messageId)?.row;
  if (!row) return toast("حُذفت الرسالة");
  row.scrollIntoView({ block: "center", behavior: "smooth" });
  row.classList.remove("flash");
  requestAnimationFrame(() => row.classList.add("flash"));
}

// What the visitor presses

async function press(message, button, node) {
  if (button.url) {
    const url = new URL(button.url);
    if (!openedHere(url)) link(button.url, handlers).click();
  } else if (button.copy_text) {
    await navigator.clipboard.writeText(button.copy_text.text);
    toast("نُسخ");
  } else if (button.callback_data) {
    node.classList.add("busy");
    const answer = await perform("press", { message_id: message.message_id, data: button.callback_data });
    if (!answer) return node.classList.remove("busy");
    busyKeys.set(answer.query_id, node);
    setTimeout(() => settle(answer.query_id) && toast("لم يُجب البوت عن الزر"), PATIENCE_MS);
  } else toast("لا يعمل هذا الزر إلا في تلغرام");
}

function settle(queryId) {
  const node = busyKeys.get(queryId);
  node?.classList.remove("busy");
  return busyKeys.delete(queryId);
}

// A deep link to this very bot starts it here instead of leaving for Telegram.
function openedHere(url) {
  const ours = ["t.me", "telegram.me"].includes(url.hostname) && url.pathname.slice(1) === me.username;
  if (!ours) return false;
  const payload = url.searchParams.get("start");
  perform("start", payload ? { payload } : {});
  return true;
}

function answerShown({ query_id, text, show_alert, url }) {
  // The answer may overtake the response that names the query.
  setTimeout(() => settle(query_id), busyKeys.has(query_id) ? 0 : 300);
  if (url) openedHere(new URL(url));
  if (!text) return;
  if (!show_alert) return toast(text);
  $("alert-text").textContent = text;
  $("alert").showModal();
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(timers.toast);
  timers.toast = setTimeout(() => $("toast").classList.remove("on"), 2600 + text.length * 30);
}

// Whether the bot is there, writes, answers

function showStatus() {
  const status = $("bot-status");
  const typing = !$("typing").hidden;
  status.textContent = lost ? "انقطع الاتصال" : typing ? "يكتب…" : online ? "متصل" : online === null ? "يستعدّ…" : "متوقف";
  status.className = lost || online === false ? "off" : online ? "live" : "";
  $("banner").hidden = !(lost || online === false);
  $("banner").textContent = lost
    ? "انقطع الاتصال بالخادم المحلي. نعيد المحاولة…"
    : "البوت لا يجيب: لم يسأل عن رسائل جديدة منذ ثوانٍ. تحقّق من النافذة التي شغّلته فيها.";
}

function setTyping(on) {
  clearTimeout(timers.typing);
  const stick = nearEnd();
  $("typing").hidden = !on;
  if (on) timers.typing = setTimeout(() => setTyping(false), TYPING_MS);
  if (on && stick) toEnd(true);
  showStatus();
}

function expectAnswer() {
  clearTimeout(timers.patience);
  timers.patience = setTimeout(() => {
    timers.late = notice("لم يُجب البوت بعد. قد يكون مشغولًا.");
  }, PATIENCE_MS);
}

function answered() {
  clearTimeout(timers.patience);
  timers.late?.remove?.();
  setTyping(false);
}

const ON = {
  message: (message) => put(message, { fresh: true }),
  edit: (message) => messages.has(message.message_id) && put(message, { fresh: true }),
  delete: ({ message_id }) => {
    messages.get(message_id)?.row.remove();
    messages.delete(message_id);
  },
  action: () => setTyping(true),
  answer: answerShown,
  refused: ({ method, code, description }) => {
    if (code === 400 && description.includes("not modified")) return;
    notice("رفض الخادم طلبًا من البوت", `${method}: ${code} ${description}`, true);
  },
  commands: async () => composer.setCommands((await snapshot()).commands),
  status: (status) => {
    online = status.online;
    showStatus();
  },
};

function draws(state) {
  me = state.me;
  online = state.online;
  document.title = `${me.first_name}: تجربة محلية`;
  for (const id of ["bot-name", "welcome-name"]) $(id).textContent = me.first_name;
  for (const id of ["avatar", "welcome-avatar"]) $(id).textContent = [...me.first_name][0];
  $("welcome-text").textContent = state.description || "اسألني عن خبر، أُجبك بنصّ الجملة ومصدرها وتاريخها.";
  $("welcome-text").dir = direction($("welcome-text").textContent);
  composer.setCommands(state.commands);
  composer.setExamples(state.examples);
  messages.clear();
  $("log").replaceChildren();
  delete $("log").dataset.day;
  $("welcome").hidden = state.messages.length > 0;
  for (const message of state.messages) put(message, { fresh: false });
  toEnd(false);
  showStatus();
}

async function begin() {
  try {
    const state = await snapshot();
    draws(state);
    follow(state.seq, {
      onEvent: (kind, data) => ON[kind](data),
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

$("start").addEventListener("click", () => perform("start", {}));
// On a touch screen the focus would raise the keyboard over the welcome.
if (matchMedia("(hover: hover)").matches) composer.focus();
begin();
