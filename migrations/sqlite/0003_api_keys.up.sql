-- Who may use the service; times are microseconds since 1970 in UTC. A key's text is kept nowhere: whoever reads this
-- table, or a copy of it, can log in as nobody. Rows stay when keys are revoked, for the record.
CREATE TABLE api_keys (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    key_name     TEXT    NOT NULL CHECK (length(key_name) BETWEEN 1 AND 255),
    key_hash     BLOB    NOT NULL UNIQUE CHECK (length(key_hash) = 32), -- SHA-256 of the whole key
    key_prefix   TEXT    NOT NULL,                                      -- the first characters, to tell which it is
    scopes       TEXT    NOT NULL CHECK (scopes <> ''),                 -- ingest, read, admin, with commas
    is_active    INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    replaces     INTEGER,                                               -- the key that was rotated into this one
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER CHECK (expires_at BETWEEN 0 AND 253402300799999999),
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;

CREATE INDEX api_keys_replaces ON api_keys (replaces) WHERE replaces IS NOT NULL;

-- Rises with every change of the keys, also with one that is made by hand, so that the service sees it within a moment.
CREATE TABLE api_keys_version (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    version      INTEGER NOT NULL
) STRICT;
INSERT INTO api_keys_version (the_only_row, version) VALUES (1, 1);

CREATE TRIGGER api_keys_added AFTER INSERT ON api_keys
BEGIN
    UPDATE api_keys_version SET version = version + 1;
END;

CREATE TRIGGER api_keys_changed AFTER UPDATE OF key_name, key_hash, scopes, is_active, expires_at ON api_keys
BEGIN
    UPDATE api_keys_version SET version = version + 1;
END;

CREATE TRIGGER api_keys_removed AFTER DELETE ON api_keys
BEGIN
    UPDATE api_keys_version SET version = version + 1;
END;
