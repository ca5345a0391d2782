-- Who may call. Only the SHA-256 of a token is kept.
CREATE TABLE tokens (
    hash       bytea       NOT NULL PRIMARY KEY,
    name       text        NOT NULL UNIQUE,
    role       text        NOT NULL,
    project    text,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
