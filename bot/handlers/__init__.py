"""Telegram handlers: thin functions between an update and the views."""
