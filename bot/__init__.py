"""The command line and the Telegram bot around the archive."""
