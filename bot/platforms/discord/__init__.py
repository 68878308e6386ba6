"""The bot on Discord, through discord.py."""
