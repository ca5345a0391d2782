-- Every snapshot that was ever taken: how a long stream was at some time is read from the nearest
-- one before, and not from its beginning.
CREATE TABLE milestones (
    stream  text   NOT NULL,
    version bigint NOT NULL,
    format  int    NOT NULL,
    state   text   NOT NULL,
    CONSTRAINT milestones_pkey PRIMARY KEY (stream, version)
);
