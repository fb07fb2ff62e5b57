-- A day's counts replace the day, so that a recording that arrives late corrects it.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT c.day
FROM incoming_counted_days c
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'count' AND o.id = CAST(c.day AS VARCHAR)
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM counted_days WHERE day IN (SELECT day FROM fresh);
DELETE FROM term_counts WHERE day IN (SELECT day FROM fresh);
INSERT INTO counted_days BY NAME SELECT * FROM incoming_counted_days SEMI JOIN fresh USING (day);
INSERT INTO term_counts BY NAME SELECT * FROM incoming_term_counts SEMI JOIN fresh USING (day);
DELETE FROM origins WHERE scope = 'count' AND id IN (SELECT CAST(day AS VARCHAR) FROM fresh);
INSERT INTO origins
    SELECT 'count', CAST(day AS VARCHAR), '', (SELECT written_ns FROM incoming) FROM fresh;
