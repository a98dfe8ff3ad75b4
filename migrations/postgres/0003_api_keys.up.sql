-- Who may use the service. A key's text is kept nowhere: whoever reads this table, or a copy of it, can log in as
-- nobody. Rows stay when keys are revoked, for the record.
CREATE TABLE api_keys (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_name     text        NOT NULL CHECK (char_length(key_name) BETWEEN 1 AND 255),
    key_hash     bytea       NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
    key_prefix   text        NOT NULL,
    scopes       text        NOT NULL CHECK (scopes <> ''),
    is_active    boolean     NOT NULL DEFAULT true,
    replaces     bigint      REFERENCES api_keys ON DELETE SET NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz CHECK (expires_at BETWEEN '1970-01-01Z' AND '9999-12-31Z'),
    revoked_at   timestamptz CHECK (isfinite(revoked_at)),
    last_used_at timestamptz CHECK (isfinite(last_used_at))
);

COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the whole key';
COMMENT ON COLUMN api_keys.key_prefix IS 'the first characters of the key, to tell which it is';
COMMENT ON COLUMN api_keys.scopes IS 'ingest, read, admin, with commas';
COMMENT ON COLUMN api_keys.replaces IS 'the key that was rotated into this one';

CREATE INDEX api_keys_replaces ON api_keys (replaces) WHERE replaces IS NOT NULL;

-- Rises with every change of the keys, also with one that is made by hand, so that each node sees it within a moment.
CREATE TABLE api_keys_version (
    the_only_row boolean PRIMARY KEY DEFAULT true CHECK (the_only_row),
    version      bigint  NOT NULL
);
INSERT INTO api_keys_version (version) VALUES (1);

CREATE FUNCTION note_change_of_api_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE api_keys_version SET version = version + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER api_keys_changed
AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF key_name, key_hash, scopes, is_active, expires_at
ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION note_change_of_api_keys();
