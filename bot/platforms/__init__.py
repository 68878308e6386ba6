"""Where people talk: each platform's library is imported in its own room only."""
