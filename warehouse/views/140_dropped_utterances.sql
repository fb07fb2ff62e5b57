-- The audit: what was recognised and is not believed, with the call that it stands in.
CREATE OR REPLACE VIEW dropped_utterances AS
SELECT
    u.interaction_id, i.source, i.started_at, i.agent, i.queue, i.transcriber,
    u.seq, u.party, u.start_ms, u.end_ms, u.text, u.confidence, u.dropped_because
FROM utterances u
JOIN interactions i USING (interaction_id)
WHERE u.dropped_because IS NOT NULL;
