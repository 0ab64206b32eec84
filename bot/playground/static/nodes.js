// Small makers of DOM nodes. Text goes in through textContent only.

const ICONS = {
  out: "M7 17L17 7M9 7h8v8",
  chevron: "M6 9l6 6 6-6",
  reply: "M14 7l5 5-5 5M19 12H9a5 5 0 0 0-5 5v1",
  forward: "M10 7l-5 5 5 5M5 12h10a5 5 0 0 1 5 5v1",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  place: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  inline: "M4 12h12M11 6l6 6-6 6M20 5v14",
};

export function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

export function button(className, text, run) {
  const node = element("button", className, text);
  node.type = "button";
  node.addEventListener("click", run);
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

// A round picture for who has none: the first letter, in a colour of their own.
export function avatar(name, id, className = "") {
  const node = element("span", `avatar ${className}`.trim(), [...name][0]);
  node.dataset.tone = Math.abs(id) % 6;
  node.setAttribute("aria-hidden", "true");
  return node;
}
