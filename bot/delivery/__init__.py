"""How an answer reaches a person while it is still being made."""
