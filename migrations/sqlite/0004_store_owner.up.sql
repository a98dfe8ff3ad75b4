-- The process that serves from this file, or the last that did. The file's lock says whether it still does.
CREATE TABLE store_owner (
    the_only_row INTEGER NOT NULL PRIMARY KEY CHECK (the_only_row = 1),
    host         TEXT    NOT NULL,
    pid          INTEGER NOT NULL,
    since        INTEGER NOT NULL
) STRICT;
