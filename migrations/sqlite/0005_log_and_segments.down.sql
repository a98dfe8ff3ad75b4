-- The service provides segment_as_json(records) and row_as_json(updates): arrays of
-- [device_id, timestamp, battery_level, rssi, online, received]; the records of a segment have NULL as their device_id.

-- These two exist if the conversion was not finished.
CREATE TABLE IF NOT EXISTS old_device_status (
    device_id     TEXT    NOT NULL,
    timestamp     INTEGER NOT NULL,
    battery_level INTEGER NOT NULL CHECK (battery_level BETWEEN 0 AND 100),
    rssi          INTEGER NOT NULL CHECK (rssi BETWEEN -160 AND 20),
    online        INTEGER NOT NULL CHECK (online IN (0, 1)),
    created_at    INTEGER NOT NULL,
    PRIMARY KEY (device_id, timestamp, battery_level, rssi, online)
) WITHOUT ROWID, STRICT;
CREATE TABLE IF NOT EXISTS old_update_log (
    id              INTEGER NOT NULL PRIMARY KEY,
    newest_received INTEGER NOT NULL,
    fresh           TEXT    NOT NULL,  -- updates that a merge will move to device_status
    settled         TEXT    NOT NULL   -- updates that this commit has written to device_status
) STRICT;

INSERT INTO old_device_status (device_id, timestamp, battery_level, rssi, online, created_at)
SELECT item ->> 0, item ->> 1, item ->> 2, item ->> 3, item ->> 4, item ->> 5
FROM (SELECT each.value AS item FROM old_update_log, json_each(old_update_log.fresh) AS each)
WHERE true
ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at);

INSERT INTO old_device_status (device_id, timestamp, battery_level, rssi, online, created_at)
SELECT device_id, item ->> 1, item ->> 2, item ->> 3, item ->> 4, item ->> 5
FROM (SELECT device_history.device_id, each.value AS item
      FROM device_history JOIN segment ON segment.id = device_history.segment,
           json_each(segment_as_json(segment.records)) AS each)
WHERE true
ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at);

INSERT INTO old_device_status (device_id, timestamp, battery_level, rssi, online, created_at)
SELECT item ->> 0, item ->> 1, item ->> 2, item ->> 3, item ->> 4, item ->> 5
FROM (SELECT each.value AS item FROM update_log, json_each(row_as_json(update_log.updates)) AS each)
WHERE true
ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at);

-- Without a checkpoint, a start reads these rows too.
DELETE FROM old_update_log;
INSERT INTO old_update_log (newest_received, fresh, settled)
SELECT newest_received, '[]', row_as_json(updates) FROM update_log ORDER BY place;

CREATE TABLE checkpoint (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    watermark    INTEGER NOT NULL
) STRICT;

DROP TABLE IF EXISTS old_update_log_progress;
CREATE TABLE update_log_progress (
    the_only_row      INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    identity          INTEGER NOT NULL,  -- of this log: another after it was made anew
    version           INTEGER NOT NULL,  -- rises whenever an update goes from the log to device_status
    merged_through    INTEGER NOT NULL,  -- all fresh updates up to this row of the log are in device_status
    merging_through   INTEGER NOT NULL,  -- and of the rows up to this one
    merging_device    TEXT    NOT NULL,  -- those of devices before this one,
    merging_timestamp INTEGER NOT NULL   -- and of this one those up to this timestamp
) STRICT;
INSERT INTO update_log_progress
SELECT 1, random(), 0, ifnull(max(id), 0), ifnull(max(id), 0), '', 0 FROM old_update_log;

DROP TABLE update_log;
DROP TABLE device_history;
DROP TABLE segment;
DROP TABLE history_day;
DROP TABLE late_device;
DROP TABLE merge_progress;
DROP TABLE node_stream;
ALTER TABLE old_update_log RENAME TO update_log;
ALTER TABLE old_device_status RENAME TO device_status;
ALTER TABLE device_latest DROP COLUMN newest_timestamp;
