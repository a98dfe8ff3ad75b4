DROP TABLE downtime;
DROP TABLE outage;
-- The version before reads silence alone.
UPDATE device_latest SET watched = substr(watched, 1, 21) WHERE length(watched) > 21;
ALTER TABLE device_latest RENAME COLUMN watched TO silence;
