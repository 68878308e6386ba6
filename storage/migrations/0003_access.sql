-- A role is what somebody was granted. Until now everyone was a member by default, which nobody
-- granted. AUTOINCREMENT: whoever comes after somebody who was forgotten is not taken for them.
CREATE TABLE known_people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    native_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT CHECK (role IN ('owner', 'admin', 'member', 'blocked')), -- NULL: nothing was granted
    language TEXT,
    UNIQUE (platform, native_id)
);

INSERT INTO known_people (id, platform, native_id, name, language)
SELECT id, platform, native_id, name, language FROM people;

DROP TABLE people;

ALTER TABLE known_people RENAME TO people;

-- The same for chats, which can be forgotten from now on. Nothing else of them changes.
CREATE TABLE known_chats (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
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

INSERT INTO known_chats (
    id, platform, native_id, kind, title, persona, persona_text, language, options, epoch,
    window_start, last_seen, created_at, updated_at
)
SELECT
    id, platform, native_id, kind, title, persona, persona_text, language, options, epoch,
    window_start, last_seen, created_at, updated_at
FROM chats;

DROP TABLE chats;

ALTER TABLE known_chats RENAME TO chats;

-- Which places are let in, or kept out, with all their parts.
CREATE TABLE places (
    platform TEXT NOT NULL,
    native_id TEXT NOT NULL,
    allowed INTEGER NOT NULL CHECK (allowed IN (0, 1)),
    title TEXT NOT NULL,
    PRIMARY KEY (platform, native_id)
) WITHOUT ROWID;

-- Who asks to be let in, and was not decided about.
CREATE TABLE knocks (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    native_id TEXT NOT NULL,
    place INTEGER NOT NULL CHECK (place IN (0, 1)),
    name TEXT NOT NULL,
    language TEXT,
    asked_at REAL NOT NULL,
    UNIQUE (platform, native_id, place)
);

-- When the owners were told of knocks. It says nothing of anybody, and outlives what is decided.
CREATE TABLE tellings (
    id INTEGER PRIMARY KEY,
    how TEXT NOT NULL CHECK (how IN ('alone', 'digest')),
    told_at REAL NOT NULL
);

-- The code that makes somebody owner, hashed: one row, or none.
CREATE TABLE claims (
    digest BLOB NOT NULL,
    expires_at REAL NOT NULL
);

-- What every process that has the file open is to notice.
CREATE TABLE signals (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    erasures INTEGER NOT NULL DEFAULT 0, -- how often text was erased
    rebuilt INTEGER NOT NULL DEFAULT 0   -- the erasures after which the file was rebuilt
);

INSERT INTO signals (id) VALUES (1);

-- The exchange that a message was left of says which messages are newer.
ALTER TABLE leftovers ADD COLUMN exchange_id INTEGER NOT NULL DEFAULT 0;

-- A running bot looks at what the shell changed; it takes no orders.
DROP TABLE controls;
