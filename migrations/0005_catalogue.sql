-- Every small thing as it stands, of all kinds in one table; what was deleted stays with its mark.
CREATE TABLE catalogue (
    category text   NOT NULL,
    id       text   NOT NULL,
    version  bigint NOT NULL,
    position bigint NOT NULL,
    state    jsonb  NOT NULL,
    CONSTRAINT catalogue_pkey PRIMARY KEY (category, id)
);
