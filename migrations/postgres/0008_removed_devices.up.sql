-- Removed devices. A removal takes away every update of the device that was received by then, or has a timestamp of
-- before, in whatever table it is: docs/FORMATS.md. It is forgotten after some days.
CREATE TABLE removed_device (
    device_id  text        COLLATE "C" PRIMARY KEY,
    removed_at timestamptz NOT NULL,
    swept      boolean     NOT NULL DEFAULT false
);
CREATE INDEX removed_device_to_sweep ON removed_device (device_id) WHERE NOT swept;

COMMENT ON COLUMN removed_device.swept IS 'history and latest status have lost what it took away';

-- As before, without what removals took away.
CREATE OR REPLACE VIEW device_status AS
SELECT device_id, timestamp, battery_level, rssi, online, created_at
FROM (
    SELECT device_id, timestamp, battery_level, rssi, online,
           coalesce(created_at, timestamp + delay * interval '1 microsecond') AS created_at
    FROM (SELECT device_id,
                 coalesce(timestamp, first_timestamp + "offset" * (unit * interval '1 microsecond')) AS timestamp,
                 battery_level, rssi, online, delay, created_at
          FROM (SELECT device_id, first_timestamp, unit, unnest(offsets) AS "offset", unnest(timestamps) AS timestamp,
                       unnest(battery_levels) AS battery_level, unnest(rssis) AS rssi, unnest(onlines) AS online,
                       unnest(delays) AS delay, unnest(created_ats) AS created_at
                FROM device_history) AS segments) AS records
    UNION ALL
    SELECT unnest(string_to_array(device_ids, E'\n')) COLLATE "C", unnest(timestamps), unnest(battery_levels),
           unnest(rssis), unnest(onlines), unnest(created_ats)
    FROM update_log) AS updates
WHERE NOT EXISTS (
    SELECT FROM removed_device
    WHERE removed_device.device_id = updates.device_id
      AND least(updates.timestamp, updates.created_at) <= removed_at);

CREATE OR REPLACE FUNCTION device_status_between(since timestamptz, before timestamptz)
RETURNS TABLE (device_id text, "timestamp" timestamptz, battery_level smallint, rssi smallint, online boolean,
               created_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT device_id, timestamp, battery_level, rssi, online, created_at
FROM (
    SELECT device_id, timestamp, battery_level, rssi, online,
           coalesce(created_at, timestamp + delay * interval '1 microsecond') AS created_at
    FROM (SELECT device_id,
                 coalesce(timestamp, first_timestamp + "offset" * (unit * interval '1 microsecond')) AS timestamp,
                 battery_level, rssi, online, delay, created_at
          FROM (SELECT device_id, first_timestamp, unit, unnest(offsets) AS "offset", unnest(timestamps) AS timestamp,
                       unnest(battery_levels) AS battery_level, unnest(rssis) AS rssi, unnest(onlines) AS online,
                       unnest(delays) AS delay, unnest(created_ats) AS created_at
                FROM device_history
                WHERE last_timestamp >= since AND last_timestamp < before + interval '1 day' AND first_timestamp < before
               ) AS segments) AS records
    WHERE timestamp >= since AND timestamp < before
    UNION ALL
    SELECT device_id, timestamp, battery_level, rssi, online, created_at
    FROM (SELECT unnest(string_to_array(device_ids, E'\n')) COLLATE "C" AS device_id, unnest(timestamps) AS timestamp,
                 unnest(battery_levels) AS battery_level, unnest(rssis) AS rssi, unnest(onlines) AS online,
                 unnest(created_ats) AS created_at
          FROM update_log) AS logged
    WHERE timestamp >= since AND timestamp < before) AS updates
WHERE NOT EXISTS (
    SELECT FROM removed_device
    WHERE removed_device.device_id = updates.device_id
      AND least(updates.timestamp, updates.created_at) <= removed_at)
$$;
