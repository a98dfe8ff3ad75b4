-- The log: a row for each commit, with all its updates. What is in the log is exactly what is not merged into the
-- history yet. Each process appends to a stream of its own and numbers its rows without a gap.
CREATE TABLE node_stream (
    id        bigint      PRIMARY KEY,
    opened_at timestamptz NOT NULL DEFAULT now(),
    open      boolean     NOT NULL,
    trimmed   bigint      NOT NULL DEFAULT 0 CHECK (trimmed >= 0)
);

COMMENT ON COLUMN node_stream.id IS 'a random number, never used again';
COMMENT ON COLUMN node_stream.open IS 'rows are appended to open streams only; a new owner closes those of earlier owners';
COMMENT ON COLUMN node_stream.trimmed IS 'all rows up to this sequence are merged';

CREATE TABLE update_log (
    stream          bigint        NOT NULL,
    sequence        bigint        NOT NULL CHECK (sequence > 0),
    newest_received timestamptz   NOT NULL,
    device_ids      text          NOT NULL,
    timestamps      timestamptz[] NOT NULL,
    battery_levels  smallint[]    NOT NULL,
    rssis           smallint[]    NOT NULL,
    onlines         boolean[]     NOT NULL,
    created_ats     timestamptz[] NOT NULL,
    PRIMARY KEY (stream, sequence)
);

COMMENT ON COLUMN update_log.device_ids IS 'joined with line feeds, which no id contains; as many as each array has elements';

-- The history: a row, called a segment, for updates of one device and one day (UTC), in the order of their timestamps.
-- Segments of a device may overlap, and even end at the same time: the number of the merge tells those apart. Merges
-- write open segments. When a day is over, a compaction turns them into few closed ones. Both have partitions of their
-- own, so that the space of the open ones is free again.
CREATE SEQUENCE device_history_merge AS integer;

CREATE TABLE device_history (
    last_timestamp  timestamptz   NOT NULL,
    first_timestamp timestamptz   NOT NULL,
    merge           integer       NOT NULL,
    count           integer       NOT NULL CHECK (count > 0),
    unit            integer       NOT NULL CHECK (unit > 0),
    closed          boolean       NOT NULL,
    device_id       text          COLLATE "C" NOT NULL CHECK (char_length(device_id) BETWEEN 1 AND 255),
    offsets         integer[],
    timestamps      timestamptz[],
    delays          integer[],
    created_ats     timestamptz[],
    battery_levels  smallint[]    NOT NULL,
    rssis           smallint[]    NOT NULL,
    onlines         boolean[]     NOT NULL,
    PRIMARY KEY (device_id, last_timestamp, merge, closed),
    CHECK ((offsets IS NULL) <> (timestamps IS NULL)),
    CHECK ((delays IS NULL) <> (created_ats IS NULL))
) PARTITION BY RANGE (last_timestamp);

COMMENT ON COLUMN device_history.offsets IS 'from first_timestamp, in units of so many microseconds';
COMMENT ON COLUMN device_history.timestamps IS 'in place of offsets that an integer cannot hold';
COMMENT ON COLUMN device_history.delays IS 'from the timestamps to the times of receipt, in microseconds';
COMMENT ON COLUMN device_history.created_ats IS 'in place of delays that an integer cannot hold';

-- lz4 takes a fraction of the time of the default, pglz. A server may be built without it. A segment stays in its row.
DO $$
DECLARE
    of_array record;
BEGIN
    FOR of_array IN
        SELECT attname AS name FROM pg_attribute
        WHERE attrelid = 'device_history'::regclass AND attnum > 0 AND attndims > 0
    LOOP
        EXECUTE format('ALTER TABLE device_history ALTER COLUMN %I SET STORAGE MAIN', of_array.name);
    END LOOP;
    FOR of_array IN
        SELECT attrelid::regclass AS of_table, attname AS name FROM pg_attribute
        WHERE attrelid IN ('update_log'::regclass, 'device_history'::regclass)
          AND attnum > 0 AND (attndims > 0 OR attname = 'device_ids')
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4', of_array.of_table, of_array.name);
    END LOOP;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;

-- For clocks that are far off. The service creates the partitions for the present ahead of time.
CREATE TABLE device_history_default PARTITION OF device_history DEFAULT PARTITION BY LIST (closed);
CREATE TABLE device_history_default_open PARTITION OF device_history_default FOR VALUES IN (false);
CREATE TABLE device_history_default_closed PARTITION OF device_history_default FOR VALUES IN (true);

-- Creates the partition for [range_start, range_end) unless it exists. Returns false if it cannot be created, because
-- the default partition has segments of that range, or a partition of another span does: they stay where they are.
CREATE FUNCTION make_device_history_partition(partition_name text, range_start timestamptz, range_end timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass(quote_ident(partition_name)) IS NOT NULL THEN
        RETURN true;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF device_history FOR VALUES FROM (%L) TO (%L) PARTITION BY LIST (closed)',
                   partition_name, range_start, range_end);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (false)', partition_name || '_open', partition_name);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (true)', partition_name || '_closed', partition_name);
    RETURN true;
EXCEPTION WHEN check_violation OR invalid_object_definition THEN
    RETURN false;
END
$$;

-- Drops one partition whose whole range lies before `expired_before`. Returns whether there was one.
CREATE FUNCTION drop_expired_device_history_partition(expired_before timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    partition regclass;
BEGIN
    SELECT child.oid::regclass INTO partition
    FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'device_history'::regclass
      AND substring(pg_get_expr(child.relpartbound, child.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz
          <= expired_before
    ORDER BY child.relname
    LIMIT 1;
    IF partition IS NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('DROP TABLE %s', partition);
    RETURN true;
END
$$;

-- The latest timestamp of all updates of the device. It is later than that of the latest status only after the device's
-- clock ran ahead.
ALTER TABLE device_latest ADD COLUMN newest_timestamp timestamptz;
UPDATE device_latest SET newest_timestamp = timestamp;
ALTER TABLE device_latest ALTER COLUMN newest_timestamp SET NOT NULL;

-- The history so far had a row for each update. `ubietyd migrate up`, or the next start, moves those rows into segments
-- after this script, a day in each transaction, and then drops what is empty: device_status_rows with its partitions,
-- the checkpoint, and the table that says how far the conversion came.
DROP FUNCTION make_device_status_partition;
DROP FUNCTION drop_expired_device_status_partition;
ALTER TABLE device_status RENAME TO device_status_rows;
DO $$
DECLARE
    partition pg_class;
BEGIN
    IF NOT EXISTS (SELECT FROM device_status_rows) THEN
        DROP TABLE device_status_rows;
        DROP TABLE checkpoint;
        RETURN;
    END IF;
    FOR partition IN
        SELECT child.* FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'device_status_rows'::regclass AND child.relname LIKE 'device\_status\_%'
    LOOP
        EXECUTE format('ALTER TABLE %s RENAME TO %I', partition.oid::regclass,
                       'device_status_rows' || substr(partition.relname, length('device_status') + 1));
    END LOOP;
    CREATE TABLE device_status_conversion (
        the_only_row boolean     PRIMARY KEY DEFAULT true CHECK (the_only_row),
        partition    text        NOT NULL,
        moved_before timestamptz NOT NULL
    );
END
$$;

-- Every update, of history and log, in the columns of old. An exact repetition may be there twice until it is merged.
CREATE VIEW device_status AS
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

-- The same for since <= timestamp < before. It reads no other days, which a condition on the view's timestamp cannot
-- achieve.
CREATE FUNCTION device_status_between(since timestamptz, before timestamptz)
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
