ALTER TABLE device_status DROP COLUMN location;
