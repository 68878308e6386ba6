-- Times are unix seconds.

CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    native_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'blocked')),
    language TEXT,
    UNIQUE (platform, native_id)
);

CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    native_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    persona TEXT,      -- NULL: the default; '': none; 'custom': persona_text
    persona_text TEXT,
    language TEXT,
    options TEXT NOT NULL DEFAULT '{}', -- JSON object
    epoch INTEGER NOT NULL DEFAULT 0,
    window_start INTEGER NOT NULL DEFAULT 0, -- the smallest exchange id in the prompt
    last_seen TEXT,    -- the newest platform event handled
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    UNIQUE (platform, native_id)
);

-- AUTOINCREMENT: an id that was given once is never given again, also after a deletion.
CREATE TABLE exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    person_id INTEGER REFERENCES people (id) ON DELETE SET NULL,
    author_name TEXT NOT NULL,
    question TEXT NOT NULL,
    quote TEXT,
    quote_author TEXT, -- native id
    quote_author_name TEXT,
    answer TEXT,
    answer_ids BLOB,   -- little-endian int32
    vocabulary TEXT,   -- fingerprint that answer_ids belong to
    draft TEXT,        -- what a clean stop kept of an answer under way
    draft_ids BLOB,
    draft_vocabulary TEXT,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (
        state IN ('pending', 'answered', 'delivered', 'cancelled', 'failed', 'undeliverable')
    ),
    work TEXT NOT NULL DEFAULT 'answer' CHECK (work IN ('answer', 'retry', 'continue', 'edit')),
    revision INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL,
    ended TEXT CHECK (ended IN ('stop', 'length', 'cut', 'error')),
    error TEXT,
    prompt_tokens INTEGER,
    answer_tokens INTEGER,
    seconds REAL,      -- that generating the answer took
    seeds TEXT NOT NULL DEFAULT '[]', -- JSON array, one of each attempt
    outlet TEXT,       -- JSON object: where the answer goes
    created_at REAL NOT NULL,
    started_at REAL,
    answered_at REAL,
    delivered_at REAL
);

CREATE INDEX exchanges_by_state ON exchanges (state, chat_id);
CREATE INDEX exchanges_by_chat ON exchanges (chat_id, epoch);
CREATE INDEX exchanges_by_person ON exchanges (person_id);

-- Outlives the exchanges, so that a redelivered event is known also after a chat was cleared:
-- exchange_id is therefore no reference. NULL: a command, or an event that was passed over.
CREATE TABLE incoming (
    platform TEXT NOT NULL,
    chat TEXT NOT NULL, -- native id
    event TEXT NOT NULL,
    exchange_id INTEGER,
    received_at REAL NOT NULL,
    PRIMARY KEY (platform, chat, event)
) WITHOUT ROWID;

-- How far a platform's events are taken in; written in the transaction that stores what they ask.
CREATE TABLE offsets (
    platform TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE deliveries (
    exchange_id INTEGER NOT NULL REFERENCES exchanges (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    part INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (exchange_id, revision, part)
) WITHOUT ROWID;

-- Orders from the shell to a running bot.
CREATE TABLE controls (
    id INTEGER PRIMARY KEY,
    action TEXT NOT NULL,
    argument TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL,
    done_at REAL
);
