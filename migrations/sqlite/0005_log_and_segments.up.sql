-- The log is the truth: a commit appends one row to update_log with all its updates, and merges move updates from the
-- log into segments of many records. docs/FORMATS.md describes the bytes of rows and segments. Times are microseconds
-- since 1970 in UTC.

-- The data of the old tables follows in pieces, and they are dropped at the end of this conversion.
ALTER TABLE device_status RENAME TO old_device_status;
ALTER TABLE update_log RENAME TO old_update_log;
ALTER TABLE update_log_progress RENAME TO old_update_log_progress;
DROP TABLE checkpoint;

-- A stream for each run of the service, which numbers its rows 1, 2, 3 and so on.
CREATE TABLE node_stream (
    number    INTEGER NOT NULL PRIMARY KEY,      -- a short name of the stream for update_log.place
    id        INTEGER NOT NULL UNIQUE,           -- random, never used again
    opened_at INTEGER NOT NULL,
    open      INTEGER NOT NULL CHECK (open IN (0, 1)),
    trimmed   INTEGER NOT NULL DEFAULT 0,        -- all rows up to this sequence are merged
    merging   INTEGER NOT NULL DEFAULT 0         -- the merge under way takes the rows up to this one; 0 without a merge
) STRICT;

-- The rows that are not merged, and some that are and wait to be deleted. The rowid is the key, so that an append
-- writes as few pages as possible.
CREATE TABLE update_log (
    place           INTEGER NOT NULL PRIMARY KEY, -- node_stream.number * 1099511627776 + the row's sequence
    newest_received INTEGER NOT NULL,
    count           INTEGER NOT NULL,
    updates         BLOB    NOT NULL
) STRICT;

-- How far the merge under way has come. `version` rises with each change of the history or of the latest statuses, so
-- that an older copy of the file is noticed.
CREATE TABLE merge_progress (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    version      INTEGER NOT NULL,
    device_id    TEXT                             -- devices up to this one are merged; NULL without a merge
) STRICT;
INSERT INTO merge_progress VALUES (1, 0, NULL);

-- A row for each segment: records of one device and one day. Segments may overlap. Their bytes are apart, so that
-- records are counted and found without them, and so that a merge writes them one after the other.
CREATE TABLE device_history (
    device_id       TEXT    NOT NULL,
    last_timestamp  INTEGER NOT NULL,
    segment         INTEGER NOT NULL,             -- segment.id
    first_timestamp INTEGER NOT NULL,
    count           INTEGER NOT NULL,
    PRIMARY KEY (device_id, last_timestamp, segment)
) WITHOUT ROWID, STRICT;

CREATE TABLE segment (
    id      INTEGER NOT NULL PRIMARY KEY,
    records BLOB    NOT NULL
) STRICT;

-- The days of which the history has segments.
CREATE TABLE history_day (
    day             INTEGER NOT NULL PRIMARY KEY, -- since 1970-01-01
    state           INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2), -- 0: open; 1: being compacted; 2: compacted
    compacted_up_to TEXT    NOT NULL DEFAULT '',  -- in state 1: devices up to this one are compacted
    expiring        INTEGER NOT NULL DEFAULT 0 CHECK (expiring IN (0, 1)) -- no segment was added since the expiry began
) STRICT;

-- Devices with segments that came after the compaction of their day had begun.
CREATE TABLE late_device (
    day       INTEGER NOT NULL,
    device_id TEXT    NOT NULL,
    PRIMARY KEY (day, device_id)
) WITHOUT ROWID, STRICT;

-- From now on the latest status of each device as of the last merge; it outlives the device's history.
ALTER TABLE device_latest ADD COLUMN newest_timestamp INTEGER NOT NULL DEFAULT -62167219200000000; -- of all its updates
UPDATE device_latest SET newest_timestamp = timestamp;
