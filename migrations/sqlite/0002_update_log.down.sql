CREATE INDEX device_status_created_at ON device_status (created_at);

-- What a merge has moved already is there again, which does no harm.
INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
SELECT item ->> 0, item ->> 1, item ->> 2, item ->> 3, item ->> 4, item ->> 5
FROM (SELECT each.value AS item FROM update_log, json_each(update_log.fresh) AS each)
WHERE true
ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at);

DROP TABLE update_log_progress;
DROP TABLE update_log;
