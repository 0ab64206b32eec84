"""The only path of messages that nobody just asked for: alerts, digests, corrections, broadcasts.

`bot.store.outbox.put` owes a `letter.Letter` to a chat, in the transaction that decides it is
owed; `worker.Outbox` sends it. What happens where Telegram does not say whether a message
arrived is in `promises`.
"""
