DROP TABLE checkpoint;
DROP TABLE device_latest;
DROP TABLE device_status;
