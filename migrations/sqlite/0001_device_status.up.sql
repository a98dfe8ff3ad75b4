-- Every update that a device ever sent; times are microseconds since 1970 in UTC. The key holds the whole history
-- answer; an exact repeat of an update collapses into one row, other values at the same time are another update.
CREATE TABLE device_status (
    device_id     TEXT    NOT NULL,
    timestamp     INTEGER NOT NULL,
    battery_level INTEGER NOT NULL CHECK (battery_level BETWEEN 0 AND 100),
    rssi          INTEGER NOT NULL CHECK (rssi BETWEEN -160 AND 20),
    online        INTEGER NOT NULL CHECK (online IN (0, 1)),
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (device_id, timestamp, battery_level, rssi, online)
) WITHOUT ROWID, STRICT;

-- A start reads what was received since the checkpoint.
CREATE INDEX device_status_created_at ON device_status (created_at);

-- The latest status of each device as of some checkpoint, written behind the ingest. It also keeps devices whose
-- history has expired.
CREATE TABLE device_latest (
    device_id     TEXT    NOT NULL PRIMARY KEY,
    timestamp     INTEGER NOT NULL,
    battery_level INTEGER NOT NULL,
    rssi          INTEGER NOT NULL,
    online        INTEGER NOT NULL,
    received_at   INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Whatever was received before the watermark is in device_latest.
CREATE TABLE checkpoint (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    watermark    INTEGER NOT NULL
) STRICT;
