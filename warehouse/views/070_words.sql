-- One row per recognised word (English) or character (Mandarin).
CREATE OR REPLACE VIEW words AS
SELECT
    interaction_id, seq, party, word.start_ms AS start_ms, word.end_ms AS end_ms,
    word.text AS text, word.confidence AS confidence
FROM (SELECT interaction_id, seq, party, unnest(words) AS word FROM utterances) one;
