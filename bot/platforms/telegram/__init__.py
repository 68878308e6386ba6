"""Telegram: messages come in by long polling, answers go out by edits."""
