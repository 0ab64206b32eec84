"""The archive: extraction, indexes, search and quoting. Knows nothing of Telegram."""
