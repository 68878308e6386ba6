"""Where conversations are kept: one SQLite file, and nothing of the bot.

Database (database.py) opens the file and holds ``chats``, ``exchanges``, ``deliveries``,
``incoming``, ``people``, ``places``, ``knocks``, ``claims``, ``signals``, ``erasing`` and
``overview``; records/ says what they give back, errors.py what can go wrong. schema.py brings an
older file up to date with the numbered migrations, which are never edited once released; backup.py
copies a file that is in use; lock.py keeps a second process away.
"""
