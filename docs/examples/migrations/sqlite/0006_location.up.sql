-- Where a device is. SQLite cannot make a column NOT NULL afterwards: the default fills the rows that are there, without
-- writing any of them.
ALTER TABLE device_latest ADD COLUMN location TEXT NOT NULL DEFAULT 'unknown' CHECK (length(location) <= 255);
