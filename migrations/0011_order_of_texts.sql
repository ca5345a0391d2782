-- Texts that something is found or ordered by are compared by their characters' numbers, as in
-- memory: whatever order the database has, and however a new version of it differs from the old.
DROP VIEW facts_as_json;
ALTER TABLE facts ALTER COLUMN stream TYPE text COLLATE "C";
CREATE VIEW facts_as_json AS
SELECT position, stream, version, at, by, because, kind, body::jsonb AS body,
       encode(hash, 'hex') AS hash
FROM facts;
ALTER TABLE snapshots ALTER COLUMN stream TYPE text COLLATE "C";
ALTER TABLE milestones ALTER COLUMN stream TYPE text COLLATE "C";
ALTER TABLE idempotency_keys
    ALTER COLUMN owner TYPE text COLLATE "C",
    ALTER COLUMN key TYPE text COLLATE "C";
ALTER TABLE outbox ALTER COLUMN host TYPE text COLLATE "C";
ALTER TABLE lanes ALTER COLUMN host TYPE text COLLATE "C";
ALTER TABLE projections ALTER COLUMN name TYPE text COLLATE "C";
ALTER TABLE quota_usage ALTER COLUMN project TYPE text COLLATE "C";
ALTER TABLE quota_limits ALTER COLUMN project TYPE text COLLATE "C";
ALTER TABLE quota_classes ALTER COLUMN name TYPE text COLLATE "C";
ALTER TABLE quota_parts
    ALTER COLUMN project TYPE text COLLATE "C",
    ALTER COLUMN part TYPE text COLLATE "C",
    ALTER COLUMN name TYPE text COLLATE "C";
ALTER TABLE quota_parents ALTER COLUMN project TYPE text COLLATE "C";
ALTER TABLE servers
    ALTER COLUMN project TYPE text COLLATE "C",
    ALTER COLUMN host TYPE text COLLATE "C";
ALTER TABLE operations ALTER COLUMN project TYPE text COLLATE "C";
ALTER TABLE history
    ALTER COLUMN by TYPE text COLLATE "C",
    ALTER COLUMN kind TYPE text COLLATE "C",
    ALTER COLUMN stream TYPE text COLLATE "C",
    ALTER COLUMN project TYPE text COLLATE "C";
ALTER TABLE tokens ALTER COLUMN name TYPE text COLLATE "C";
ALTER TABLE catalogue
    ALTER COLUMN category TYPE text COLLATE "C",
    ALTER COLUMN id TYPE text COLLATE "C";
