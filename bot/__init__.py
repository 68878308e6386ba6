"""Ostro: a private chat companion that runs on your own laptop."""
