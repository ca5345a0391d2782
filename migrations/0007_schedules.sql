-- What is still waiting is loaded at each start, however much is over by then.
CREATE INDEX catalogue_waiting ON catalogue (category)
    WHERE coalesce(state ->> 'state', 'waiting') = 'waiting';
CREATE INDEX catalogue_schedules_of_project ON catalogue ((state ->> 'project'), id)
    WHERE category = 'schedule';
CREATE INDEX catalogue_schedules_of_server ON catalogue ((state ->> 'server'), id)
    WHERE category = 'schedule';
