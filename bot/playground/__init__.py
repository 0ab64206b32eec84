"""A strict local Bot API server and a chat page, for trying and testing without Telegram."""
