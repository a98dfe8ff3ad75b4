DROP TABLE removed_device;
