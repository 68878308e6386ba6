"""From a conversation to the exact token ids that a model reads. Pure: no model, no store."""
