-- What a hypervisor is asked for beside a size: where a server is to migrate to, and, as JSON, what
-- it is to be built from.
ALTER TABLE outbox ADD COLUMN to_host text;
ALTER TABLE outbox ADD COLUMN details text NOT NULL DEFAULT '';

-- What somebody may consent to with a token, beside live changes.
ALTER TABLE tokens ADD COLUMN consents text[] NOT NULL DEFAULT '{migrate,restart}';

-- Servers and operations have grown: their rows are made anew from the log at the next start.
DELETE FROM servers;
DELETE FROM operations;
DELETE FROM projections WHERE name = 'rows';
