ALTER TABLE device_latest DROP COLUMN location;
