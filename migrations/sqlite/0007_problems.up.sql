-- What is known of a device beyond its status: its silence, and from now on its problems and its group.
ALTER TABLE device_latest RENAME COLUMN silence TO watched;

-- The last outage of each group of devices. Times are in milliseconds of the listening clock; found_at and ended_at are
-- in microseconds of Unix time.
CREATE TABLE outage (
    device_group TEXT    PRIMARY KEY,  -- the name of the group; empty for the whole fleet
    since        INTEGER NOT NULL,
    found        INTEGER NOT NULL,
    ended        INTEGER,              -- NULL while the outage runs
    usual_gap    INTEGER NOT NULL,
    heard        INTEGER NOT NULL,     -- devices that were still heard when the outage was found
    found_at     INTEGER NOT NULL,
    ended_at     INTEGER
) WITHOUT ROWID;

-- When the service did not listen: it was down, stopped, or answered reports with 503. For people.
CREATE TABLE downtime (
    began_at INTEGER PRIMARY KEY,
    ended_at INTEGER NOT NULL
);
