-- When a device was last heard: by its last accepted report, also a late or a repeated one. NULL for received_at.
ALTER TABLE device_latest ADD COLUMN last_heard INTEGER;
-- When the device was heard in listening time, and its rhythm: docs/FORMATS.md.
ALTER TABLE device_latest ADD COLUMN silence BLOB;

-- How long the service has listened to the fleet. That clock stands still while the service is down.
CREATE TABLE listening (
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
    at           INTEGER NOT NULL
);
