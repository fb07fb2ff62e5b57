-- A day's counts of one kind replace those of the day, so that a recording that arrives late
-- corrects it.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT c.day, c.kind
FROM incoming_counted_days c
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'count' AND o.id = CAST(c.day AS VARCHAR) AND o.part = c.kind
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM counted_days USING fresh f WHERE counted_days.day = f.day AND counted_days.kind = f.kind;
DELETE FROM term_counts USING fresh f WHERE term_counts.day = f.day AND term_counts.kind = f.kind;
INSERT INTO counted_days BY NAME
    SELECT * FROM incoming_counted_days SEMI JOIN fresh USING (day, kind);
INSERT INTO term_counts BY NAME
    SELECT * FROM incoming_term_counts SEMI JOIN fresh USING (day, kind);
DELETE FROM origins USING fresh f
WHERE origins.scope = 'count' AND origins.id = CAST(f.day AS VARCHAR) AND origins.part = f.kind;
INSERT INTO origins
    SELECT 'count', CAST(day AS VARCHAR), kind, (SELECT written_ns FROM incoming) FROM fresh;
