-- Removed devices. A removal takes away every update of the device that was received by then, or has a timestamp of
-- before, in whatever table it is: docs/FORMATS.md. It is forgotten after some days.
CREATE TABLE removed_device (
    device_id  TEXT    NOT NULL PRIMARY KEY,
    removed_at INTEGER NOT NULL,
    swept      INTEGER NOT NULL DEFAULT 0 CHECK (swept IN (0, 1)) -- history and latest status have lost what it took away
) WITHOUT ROWID, STRICT;
CREATE INDEX removed_device_to_sweep ON removed_device (device_id) WHERE NOT swept;
