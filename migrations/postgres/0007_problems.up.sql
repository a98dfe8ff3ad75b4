-- What is known of a device beyond its status: its silence, and from now on its problems and its group.
ALTER TABLE device_latest RENAME COLUMN silence TO watched;

COMMENT ON COLUMN device_latest.watched IS 'silence, problems and group: docs/FORMATS.md';

-- The last outage of each group of devices. Numbers are times of the listening clock, in milliseconds.
CREATE TABLE outage (
    device_group text        PRIMARY KEY,
    since        bigint      NOT NULL,
    found        bigint      NOT NULL,
    ended        bigint,
    usual_gap    bigint      NOT NULL,
    heard        bigint      NOT NULL,
    found_at     timestamptz NOT NULL,
    ended_at     timestamptz
);

COMMENT ON COLUMN outage.device_group IS 'the name of the group; empty for the whole fleet';
COMMENT ON COLUMN outage.ended IS 'NULL while the outage runs, as ended_at';
COMMENT ON COLUMN outage.heard IS 'devices that were still heard when the outage was found';

-- When the service did not listen: it was down, stopped, or answered reports with 503. For people.
CREATE TABLE downtime (
    began_at timestamptz PRIMARY KEY,
    ended_at timestamptz NOT NULL
);
