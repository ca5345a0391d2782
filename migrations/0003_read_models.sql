-- How far each read model has come.
CREATE TABLE projections (
    name     text   NOT NULL PRIMARY KEY,
    position bigint NOT NULL
);

-- Usage and limits are written with the facts themselves, so they need no position of their own.
CREATE TABLE quota_usage (
    project text   NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    used    jsonb  NOT NULL
);
CREATE TABLE quota_limits (
    project text   NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    limits  jsonb  NOT NULL
);
CREATE TABLE quota_classes (
    name    text   NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    limits  jsonb  NOT NULL
);

CREATE TABLE servers (
    id       uuid   NOT NULL PRIMARY KEY,
    project  text   NOT NULL,
    host     text   NOT NULL,
    version  bigint NOT NULL,
    state    jsonb  NOT NULL,
    position bigint NOT NULL
);
CREATE INDEX servers_of_project ON servers (project, id);
CREATE INDEX servers_of_host ON servers (host, id);

CREATE TABLE operations (
    id           uuid        NOT NULL PRIMARY KEY,
    asked_at     bigint      NOT NULL,
    server       uuid        NOT NULL,
    project      text        NOT NULL,
    state        text        NOT NULL,
    deadline     timestamptz NOT NULL,
    operation    jsonb       NOT NULL,
    position     bigint      NOT NULL
);
CREATE INDEX operations_in_order ON operations (asked_at);
CREATE INDEX operations_of_server ON operations (server, asked_at);
CREATE INDEX operations_of_project ON operations (project, asked_at);
CREATE INDEX operations_not_ended ON operations (deadline) WHERE state IN ('open', 'unknown');

CREATE TABLE history (
    position bigint      NOT NULL PRIMARY KEY,
    at       timestamptz NOT NULL,
    by       text        NOT NULL,
    because  uuid        NOT NULL,
    kind     text        NOT NULL,
    stream   text        NOT NULL,
    version  bigint      NOT NULL,
    project  text        NOT NULL,
    server   uuid,
    body     jsonb       NOT NULL
);
CREATE INDEX history_of_project ON history (project, position);
CREATE INDEX history_of_server ON history (server, position);
CREATE INDEX history_of_actor ON history (by, position);
CREATE INDEX history_of_kind ON history (kind, position);
CREATE INDEX history_at ON history (at);
