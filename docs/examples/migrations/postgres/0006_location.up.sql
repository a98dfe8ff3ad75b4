-- Where a device is. In three steps, as any column that rows cannot have from the beginning.
ALTER TABLE device_latest ADD COLUMN location text;

-- What is there already. See docs/MIGRATIONS.md for tables of which this takes long.
UPDATE device_latest SET location = 'unknown' WHERE location IS NULL;

-- The default is for nodes of the version before, which go on writing rows without it while they are replaced.
ALTER TABLE device_latest
    ALTER COLUMN location SET DEFAULT 'unknown',
    ALTER COLUMN location SET NOT NULL,
    ADD CONSTRAINT device_latest_location_length CHECK (char_length(location) <= 255);
