"""The terminal: a conversation with a person at the keyboard, or with what is piped in."""
