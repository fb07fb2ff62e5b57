-- Where someone speaks: one row per stretch.
CREATE OR REPLACE VIEW speech_spans AS
SELECT interaction_id, party, span.start_ms AS start_ms, span.end_ms AS end_ms
FROM (SELECT interaction_id, party, unnest(spans) AS span FROM speech) one;
