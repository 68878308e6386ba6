"""What was read of chats, kept on disk, so that they are warm again after an eviction or a restart.

Knows no llama.cpp: token ids and bytes go in, and the same bytes come out, or nothing. A chat's
state is a chain of chunks, each of which stands on the one before it; chats that begin with the
same tokens stand on the same chunks.
"""
