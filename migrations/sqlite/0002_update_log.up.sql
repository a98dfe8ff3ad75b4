-- A row for each commit, so that a commit writes a page or two and not a page for each device. An update is an array:
-- [device_id, timestamp, battery_level, rssi, online, created_at].
CREATE TABLE update_log (
    id              INTEGER NOT NULL PRIMARY KEY,
    newest_received INTEGER NOT NULL,
    fresh           TEXT    NOT NULL,  -- updates that a merge will move to device_status
    settled         TEXT    NOT NULL   -- updates that this commit has written to device_status
) STRICT;

-- How far the merge of fresh updates into device_status has come.
CREATE TABLE update_log_progress (
    the_only_row      INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    identity          INTEGER NOT NULL,  -- of this log: another after it was made anew
    version           INTEGER NOT NULL,  -- rises whenever an update goes from the log to device_status
    merged_through    INTEGER NOT NULL,  -- all fresh updates up to this row of the log are in device_status
    merging_through   INTEGER NOT NULL,  -- and of the rows up to this one
    merging_device    TEXT    NOT NULL,  -- those of devices before this one,
    merging_timestamp INTEGER NOT NULL   -- and of this one those up to this timestamp
) STRICT;
INSERT INTO update_log_progress VALUES (1, random(), 0, 0, 0, '', 0);

-- A start reads from the log what was received since the checkpoint, which took an index until now.
INSERT INTO update_log (newest_received, fresh, settled)
SELECT max(created_at), '[]', json_group_array(json_array(device_id, timestamp, battery_level, rssi, online, created_at))
FROM (SELECT *, row_number() OVER () / 1000 AS piece
      FROM device_status
      WHERE created_at >= ifnull((SELECT watermark FROM checkpoint), 0))
GROUP BY piece;
UPDATE update_log_progress
SET merged_through = ifnull((SELECT max(id) FROM update_log), 0), merging_through = ifnull((SELECT max(id) FROM update_log), 0);

DROP INDEX device_status_created_at;
