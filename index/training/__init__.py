"""Rebuilds the reader's weights; nothing that answers questions imports this."""
