-- What hypervisors are to be asked, written with the facts that say so, gone with the facts that
-- end it. Relays note here that they have begun and when to try again.
CREATE TABLE outbox (
    operation  uuid        NOT NULL PRIMARY KEY,
    position   bigint      NOT NULL,
    ask        text        NOT NULL,
    host       text        NOT NULL,
    server     uuid        NOT NULL,
    vcpus      int         NOT NULL,
    memory_mib int         NOT NULL,
    deadline   timestamptz NOT NULL,
    due        timestamptz NOT NULL DEFAULT '-infinity',
    attempts   int         NOT NULL DEFAULT 0,
    sent       boolean     NOT NULL DEFAULT false
);
-- By deadline it is read in full, twice a second: it holds open operations only.
CREATE INDEX outbox_of_host ON outbox (host, position);

-- One lane a hypervisor host. A relay holds a lane by a lease; a lane whose breaker is open rests.
CREATE TABLE lanes (
    host       text        NOT NULL PRIMARY KEY,
    held_by    text        NOT NULL DEFAULT '',
    held_until timestamptz NOT NULL DEFAULT '-infinity',
    failures   int         NOT NULL DEFAULT 0,
    rests_until timestamptz NOT NULL DEFAULT '-infinity',
    last_error text        NOT NULL DEFAULT ''
);
