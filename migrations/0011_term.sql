-- Who leads, since when, and that it still does: the leader renews it, and every batch checks it.
CREATE TABLE term (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    n bigint NOT NULL,
    leader text NOT NULL,
    began timestamptz NOT NULL,
    renewed timestamptz NOT NULL
);
INSERT INTO term (n, leader, began, renewed) VALUES (0, '', '-infinity', '-infinity');
