// Talking to the server: what the visitor does goes out, what happens comes in as a stream.

const KINDS = ["message", "edit", "delete", "action", "answer", "refused", "commands", "status"];

export async function act(what, body) {
  const response = await fetch(`/api/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

export async function snapshot() {
  const response = await fetch("/api/state");
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

// Follows the events after `seq`. The browser reconnects by itself and says where it was;
// `reset` means that too much was missed and the page must be drawn again.
export function follow(seq, { onEvent, onReset, onLost, onFound }) {
  const source = new EventSource(`/api/events?since=${seq}`);
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
}
