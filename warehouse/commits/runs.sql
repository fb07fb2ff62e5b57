-- What is told of a run later replaces what was told earlier.
DELETE FROM runs WHERE run_id IN (SELECT run_id FROM incoming_runs WHERE ended_at IS NOT NULL);
INSERT INTO runs BY NAME SELECT * FROM incoming_runs ANTI JOIN runs USING (run_id);
