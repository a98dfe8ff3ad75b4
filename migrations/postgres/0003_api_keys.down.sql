DROP TABLE api_keys;
DROP FUNCTION note_change_of_api_keys;
DROP TABLE api_keys_version;
