-- Devices of which an operator knows: they are in no count and no list of problems until the end.
CREATE TABLE mute (
    kind     text        NOT NULL CHECK (kind IN ('device', 'prefix')),
    target   text        COLLATE "C" NOT NULL CHECK (target <> ''),
    ends_at  timestamptz NOT NULL CHECK (isfinite(ends_at)),
    muted_by bigint,
    PRIMARY KEY (kind, target)
);

COMMENT ON COLUMN mute.target IS 'the id of the device, or what the ids begin with';
COMMENT ON COLUMN mute.muted_by IS 'the API key, where keys were needed';
