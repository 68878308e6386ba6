-- A redelivered event is known by incoming alone. How far a platform is must not be kept: Telegram
-- may begin its numbers anew at a lower one.
DROP TABLE offsets;

-- An exchange has one place whatever its revision: a new answer goes into the messages of the old.
CREATE TABLE delivered_parts (
    exchange_id INTEGER NOT NULL REFERENCES exchanges (id) ON DELETE CASCADE,
    part INTEGER NOT NULL, -- 0 and up: of the answer; below: what is shown before it
    message_id TEXT NOT NULL,
    PRIMARY KEY (exchange_id, part)
) WITHOUT ROWID;

INSERT OR REPLACE INTO delivered_parts
SELECT exchange_id, part, message_id FROM deliveries ORDER BY revision;

DROP TABLE deliveries;

ALTER TABLE delivered_parts RENAME TO deliveries;

-- The messages that a question is made of, joined with line breaks: one, or several where the
-- platform cut a long one.
CREATE TABLE sources (
    exchange_id INTEGER NOT NULL REFERENCES exchanges (id) ON DELETE CASCADE,
    part INTEGER NOT NULL, -- from 0
    message_id TEXT NOT NULL,
    length INTEGER NOT NULL, -- characters of the question, without a line break between two parts
    said_at REAL NOT NULL,
    PRIMARY KEY (exchange_id, part)
) WITHOUT ROWID;

CREATE INDEX sources_by_message ON sources (message_id);

-- 1: how its work ended, without a new answer, is to be shown.
ALTER TABLE exchanges ADD COLUMN to_show INTEGER NOT NULL DEFAULT 0;

-- The message of a chat that ended its last answer before all was forgotten: it has buttons.
CREATE TABLE leftovers (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL
);
