-- How often something of a chat was deleted otherwise than by clearing it: what a model has read of
-- it before holds no longer.
ALTER TABLE chats ADD COLUMN erasures INTEGER NOT NULL DEFAULT 0;
