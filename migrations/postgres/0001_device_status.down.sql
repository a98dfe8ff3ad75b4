DROP FUNCTION make_device_status_partition;
DROP TABLE checkpoint;
DROP TABLE device_latest;
DROP TABLE device_status;
