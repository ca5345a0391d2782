-- Each kind of thing says itself when nothing follows any more; what is over is not loaded at a start.
ALTER TABLE catalogue ADD COLUMN is_over boolean NOT NULL DEFAULT false;
UPDATE catalogue SET is_over = true
WHERE (category = 'schedule' AND state ->> 'state' <> 'waiting')
   OR (category = 'server-group' AND state ->> 'deleted' = 'true');
DROP INDEX catalogue_waiting;
CREATE INDEX catalogue_not_over ON catalogue (category) WHERE NOT is_over;
