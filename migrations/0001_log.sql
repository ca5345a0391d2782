-- The log of the region: facts, only ever added. Position order is commit order, without gaps.
-- The body is the event as JSON, kept as text so that its bytes, which the hash covers, stay as
-- they are; the view below shows it as jsonb.
CREATE TABLE facts (
    position bigint      NOT NULL,
    stream   text        NOT NULL,
    version  bigint      NOT NULL,
    at       timestamptz NOT NULL,
    by       text        NOT NULL,
    because  uuid        NOT NULL,
    kind     text        NOT NULL,
    body     text        NOT NULL,
    hash     bytea       NOT NULL,
    CONSTRAINT facts_pkey PRIMARY KEY (stream, version),
    CONSTRAINT facts_position_key UNIQUE (position)
);

CREATE VIEW facts_as_json AS
SELECT position, stream, version, at, by, because, kind, body::jsonb AS body,
       encode(hash, 'hex') AS hash
FROM facts;

-- Long streams are loaded from here: the state after some version, in the format of that time.
CREATE TABLE snapshots (
    stream  text   NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    format  int    NOT NULL,
    state   text   NOT NULL
);

-- What was answered to a request that carried an Idempotency-Key.
CREATE TABLE idempotency_keys (
    owner       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    position    bigint      NOT NULL,
    reply       text        NOT NULL,
    at          timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (owner, key)
);
-- Rows come in the order of their time: a block range index costs a writer almost nothing.
CREATE INDEX idempotency_keys_at ON idempotency_keys USING brin (at);

-- Where the one writer of the region answers. Its advisory lock, not this row, makes it the writer.
CREATE TABLE leader (
    one     boolean     NOT NULL PRIMARY KEY DEFAULT true CHECK (one),
    address text        NOT NULL,
    since   timestamptz NOT NULL DEFAULT now()
);
