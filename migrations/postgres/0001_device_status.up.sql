-- Every update that a device ever sent. The key holds the whole history answer, so that an index-only scan can serve
-- it; an exact repeat of an update collapses into one row, other values at the same time are another update.
CREATE TABLE device_status (
    device_id     text        COLLATE "C" NOT NULL CHECK (char_length(device_id) BETWEEN 1 AND 255),
    timestamp     timestamptz NOT NULL,
    battery_level smallint    NOT NULL CHECK (battery_level BETWEEN 0 AND 100),
    rssi          smallint    NOT NULL CHECK (rssi BETWEEN -160 AND 20),
    online        boolean     NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (device_id, timestamp, battery_level, rssi, online)
) PARTITION BY RANGE (timestamp);

COMMENT ON COLUMN device_status.timestamp IS 'by the device''s clock';
COMMENT ON COLUMN device_status.created_at IS 'when the service received the update, or its last repetition';

-- For clocks that are far off. Partitions for the present are made ahead by the service.
CREATE TABLE device_status_default PARTITION OF device_status DEFAULT;

-- A start reads what was received since the checkpoint. Rows arrive in about that order, so BRIN is small and quick.
CREATE INDEX device_status_created_at ON device_status USING brin (created_at) WITH (autosummarize = on);

-- The latest status of each device as of some checkpoint, written behind the ingest. It also keeps devices whose
-- history has expired.
CREATE TABLE device_latest (
    device_id     text        COLLATE "C" PRIMARY KEY,
    timestamp     timestamptz NOT NULL,
    battery_level smallint    NOT NULL,
    rssi          smallint    NOT NULL,
    online        boolean     NOT NULL,
    received_at   timestamptz NOT NULL
) WITH (fillfactor = 80);

-- Whatever was received before the watermark is in device_latest.
CREATE TABLE checkpoint (
    the_only_row boolean PRIMARY KEY DEFAULT true CHECK (the_only_row),
    watermark    timestamptz NOT NULL
);

-- Makes the partition for [range_start, range_end) unless it is there. False when it cannot be made since the default
-- partition already holds rows of that range, or another partition does, of another span: those rows stay where they
-- are, and are found there.
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
