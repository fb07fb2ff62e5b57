-- A day's spikes replace the day; a day without any is listed as compared all the same.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT c.day
FROM incoming_compared_days c
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'spike' AND o.id = CAST(c.day AS VARCHAR)
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM compared_days WHERE day IN (SELECT day FROM fresh);
DELETE FROM spikes WHERE day IN (SELECT day FROM fresh);
INSERT INTO compared_days BY NAME SELECT * FROM incoming_compared_days SEMI JOIN fresh USING (day);
INSERT INTO spikes BY NAME SELECT * FROM incoming_spikes SEMI JOIN fresh USING (day);
DELETE FROM origins WHERE scope = 'spike' AND id IN (SELECT CAST(day AS VARCHAR) FROM fresh);
INSERT INTO origins
    SELECT 'spike', CAST(day AS VARCHAR), '', (SELECT written_ns FROM incoming) FROM fresh;
