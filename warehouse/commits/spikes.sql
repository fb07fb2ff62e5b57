-- A day's spikes of one kind replace those of the day; a day without any is listed as compared all
-- the same.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT c.day, c.kind
FROM incoming_compared_days c
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'spike' AND o.id = CAST(c.day AS VARCHAR) AND o.part = c.kind
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM compared_days USING fresh f WHERE compared_days.day = f.day AND compared_days.kind = f.kind;
DELETE FROM spikes USING fresh f WHERE spikes.day = f.day AND spikes.kind = f.kind;
INSERT INTO compared_days BY NAME
    SELECT * FROM incoming_compared_days SEMI JOIN fresh USING (day, kind);
INSERT INTO spikes BY NAME
    SELECT * FROM incoming_spikes SEMI JOIN fresh USING (day, kind);
DELETE FROM origins USING fresh f
WHERE origins.scope = 'spike' AND origins.id = CAST(f.day AS VARCHAR) AND origins.part = f.kind;
INSERT INTO origins
    SELECT 'spike', CAST(day AS VARCHAR), kind, (SELECT written_ns FROM incoming) FROM fresh;
