-- What of a project's quota is about one of its users, or shared with the projects below it; written
-- with the facts that say so, as usage and limits are.
CREATE TABLE quota_parts (
    project text   NOT NULL,
    part    text   NOT NULL,
    name    text   NOT NULL DEFAULT '',
    version bigint NOT NULL,
    amounts jsonb  NOT NULL,
    CONSTRAINT quota_parts_pkey PRIMARY KEY (project, part, name)
);

-- Which project stands below which; one that stands below none any more has no parent.
CREATE TABLE quota_parents (
    project text   NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    parent  text
);

-- When a server came, was changed last, ran first, and went.
ALTER TABLE servers ADD COLUMN created timestamptz NOT NULL DEFAULT '1970-01-01 00:00Z';
ALTER TABLE servers ADD COLUMN updated timestamptz NOT NULL DEFAULT '1970-01-01 00:00Z';
ALTER TABLE servers ADD COLUMN launched timestamptz;
ALTER TABLE servers ADD COLUMN terminated timestamptz;

-- Servers have grown: their rows are made anew from the log at the next start.
DELETE FROM servers;
DELETE FROM operations;
DELETE FROM projections WHERE name = 'lives';

-- The moment of a position, and the position of a moment: facts come in the order of their time.
CREATE INDEX facts_at ON facts USING brin (at);
