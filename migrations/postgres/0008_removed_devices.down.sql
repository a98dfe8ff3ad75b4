CREATE OR REPLACE VIEW device_status AS
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
FROM update_log;

CREATE OR REPLACE FUNCTION device_status_between(since timestamptz, before timestamptz)
RETURNS TABLE (device_id text, "timestamp" timestamptz, battery_level smallint, rssi smallint, online boolean,
               created_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
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
WHERE timestamp >= since AND timestamp < before
$$;

DROP TABLE removed_device;
