-- Writes all updates, of segments and log, back as rows. Of an exact repetition one row stays. Without a row in
-- `checkpoint` the next start reads the whole history for the latest statuses, so none of them is lost.
DROP FUNCTION device_status_between;
DROP FUNCTION make_device_history_partition;
DROP FUNCTION drop_expired_device_history_partition;
ALTER VIEW device_status RENAME TO device_status_to_revert;

DO $$
DECLARE
    partition pg_class;
BEGIN
    IF to_regclass('device_status_rows') IS NOT NULL THEN
        -- The conversion was not complete. What it moved already is still there until its partition is dropped.
        ALTER TABLE device_status_rows RENAME TO device_status;
        FOR partition IN
            SELECT child.* FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
            WHERE inhparent = 'device_status'::regclass AND child.relname LIKE 'device\_status\_rows\_%'
        LOOP
            EXECUTE format('ALTER TABLE %s RENAME TO %I', partition.oid::regclass,
                           'device_status' || substr(partition.relname, length('device_status_rows') + 1));
        END LOOP;
        DROP TABLE device_status_conversion;
    ELSE
        CREATE TABLE device_status (
            device_id     text        COLLATE "C" NOT NULL CHECK (char_length(device_id) BETWEEN 1 AND 255),
            timestamp     timestamptz NOT NULL,
            battery_level smallint    NOT NULL CHECK (battery_level BETWEEN 0 AND 100),
            rssi          smallint    NOT NULL CHECK (rssi BETWEEN -160 AND 20),
            online        boolean     NOT NULL,
            created_at    timestamptz NOT NULL,
            PRIMARY KEY (device_id, timestamp, battery_level, rssi, online)
        ) PARTITION BY RANGE (timestamp);
        CREATE TABLE device_status_default PARTITION OF device_status DEFAULT;
        CREATE INDEX device_status_created_at ON device_status USING brin (created_at) WITH (autosummarize = on);
    END IF;

    FOR partition IN
        SELECT child.* FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'device_history'::regclass AND child.relname ~ '^device_history_[0-9]+$'
    LOOP
        BEGIN
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF device_status %s',
                           'device_status' || substr(partition.relname, length('device_history') + 1),
                           pg_get_expr(partition.relpartbound, partition.oid));
        EXCEPTION WHEN check_violation OR invalid_object_definition THEN
            NULL;  -- the default partition has rows of that range
        END;
    END LOOP;
END
$$;

COMMENT ON COLUMN device_status.timestamp IS 'by the device''s clock';
COMMENT ON COLUMN device_status.created_at IS 'when the service received the update, or its last repetition';

INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at)
SELECT device_id, timestamp, battery_level, rssi, online, created_at FROM device_status_to_revert
WHERE device_id IS NOT NULL AND timestamp IS NOT NULL AND battery_level IS NOT NULL AND rssi IS NOT NULL
  AND online IS NOT NULL AND created_at IS NOT NULL
ON CONFLICT DO NOTHING;

DROP VIEW device_status_to_revert;
DROP TABLE device_history;
DROP SEQUENCE device_history_merge;
DROP TABLE update_log;
DROP TABLE node_stream;
ALTER TABLE device_latest DROP COLUMN newest_timestamp;
CREATE TABLE IF NOT EXISTS checkpoint (
    the_only_row boolean PRIMARY KEY DEFAULT true CHECK (the_only_row),
    watermark    timestamptz NOT NULL
);
DELETE FROM checkpoint;

CREATE FUNCTION make_device_status_partition(partition_name text, range_start timestamptz, range_end timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass(quote_ident(partition_name)) IS NOT NULL THEN
        RETURN true;
    END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF device_status FOR VALUES FROM (%L) TO (%L)',
                   partition_name, range_start, range_end);
    RETURN true;
EXCEPTION WHEN check_violation OR invalid_object_definition THEN
    RETURN false;
END
$$;

CREATE FUNCTION drop_expired_device_status_partition(expired_before timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    partition regclass;
    unsaved boolean;
BEGIN
    FOR partition IN
        SELECT child.oid::regclass
        FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'device_status'::regclass
          AND substring(pg_get_expr(child.relpartbound, child.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz
              <= expired_before
        ORDER BY child.relname
    LOOP
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', partition);
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE created_at >= '
                       'coalesce((SELECT watermark FROM checkpoint), ''-infinity''))', partition) INTO unsaved;
        IF NOT unsaved THEN
            EXECUTE format('DROP TABLE %s', partition);
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;
