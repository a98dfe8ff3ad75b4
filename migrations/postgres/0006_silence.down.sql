DROP TABLE listening;
ALTER TABLE device_latest DROP COLUMN last_heard, DROP COLUMN silence;
