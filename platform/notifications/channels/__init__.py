"""Channels of word to people, and the transports that bring it (docs/adr/0079-channels.md)."""
