-- Hypervisor hosts that do not answer, and since when. Who watches a host, or carries its lane,
-- notes here that it is away, and takes the row out when it has answered.
CREATE TABLE unreachable_hosts (
    host       text        NOT NULL PRIMARY KEY,
    since      timestamptz NOT NULL DEFAULT now(),
    last_error text        NOT NULL
);
