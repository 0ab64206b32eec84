// Talking to the server: what the visitor does goes out, what happens comes in as a stream.

const KINDS = ["message", "edit", "delete", "action", "answer", "inline", "member", "refused", "commands", "clock", "status"];

// Whose chats this page shows: `?user=2` is the second person of the playground.
export const user = Number(new URLSearchParams(location.search).get("user") ?? 1);

export async function act(what, body) {
  const response = await fetch(`/api/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user, ...body }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export async function snapshot() {
  const response = await fetch(`/api/state?user=${user}`);
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

export const fileUrl = (id) => `/api/file?user=${user}&id=${encodeURIComponent(id)}`;

// Follows the events after `seq`. The browser reconnects by itself and says where it was;
// `reset` means that too much was missed and the page must be drawn again.
export function follow(seq, { onEvent, onReset, onLost, onFound }) {
  const source = new EventSource(`/api/events?user=${user}&since=${seq}`);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => onEvent(kind, JSON.parse(event.data)));
  }
  source.addEventListener("reset", () => {
    source.close();
    onReset();
  });
  source.addEventListener("open", onFound);
  source.addEventListener("error", () => {
    onLost();
    // A closed source does not come back by itself (the server answered with an error).
    if (source.readyState === EventSource.CLOSED) setTimeout(onReset, 2000);
  });
  return source;
}
