"""What those may see and do who run the bot: from a chat, and from the shell."""
