-- When a device was last heard: by its last accepted report, also a late or a repeated one.
ALTER TABLE device_latest
    ADD COLUMN last_heard timestamptz,
    ADD COLUMN silence    bytea;

COMMENT ON COLUMN device_latest.last_heard IS 'NULL for received_at';
COMMENT ON COLUMN device_latest.silence IS 'when the device was heard in listening time, and its rhythm: docs/FORMATS.md';

-- How long the service has listened to the fleet. That clock stands still while the service is down.
CREATE TABLE listening (
    only_row     boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    milliseconds bigint      NOT NULL CHECK (milliseconds >= 0),
    at           timestamptz NOT NULL
);
