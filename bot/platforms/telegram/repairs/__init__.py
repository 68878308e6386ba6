"""Markdown changed so that its converter shows all that a model wrote, as it was meant."""
