DROP TABLE store_owner;
