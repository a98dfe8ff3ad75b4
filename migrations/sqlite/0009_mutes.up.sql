-- Devices of which an operator knows: they are in no count and no list of problems until the end.
CREATE TABLE mute (
    kind     TEXT    NOT NULL CHECK (kind IN ('device', 'prefix')),
    target   TEXT    NOT NULL CHECK (target <> ''), -- the id of the device, or what the ids begin with
    ends_at  INTEGER NOT NULL,                      -- microseconds since 1970 in UTC
    muted_by INTEGER,                               -- the API key, where keys were needed
    PRIMARY KEY (kind, target)
) WITHOUT ROWID;
