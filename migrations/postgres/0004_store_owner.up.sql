-- The process that serves from this database, or the last that did. An advisory lock says whether it still does: see
-- docs/FORMATS.md. Each owner raises the epoch before it reads anything, and a session commits in its own epoch only.
CREATE TABLE store_owner (
    the_only_row boolean     PRIMARY KEY DEFAULT true CHECK (the_only_row),
    epoch        bigint      NOT NULL,
    host         text        NOT NULL,
    pid          bigint      NOT NULL,
    since        timestamptz NOT NULL
);
INSERT INTO store_owner (epoch, host, pid, since) VALUES (0, '', 0, 'epoch');
