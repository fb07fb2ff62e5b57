-- Every piece of evidence with the finding and the interaction it belongs to, for reports.
CREATE OR REPLACE VIEW finding_places AS
SELECT
    f.finding_id, f.rule_id, f.rule_version, f.severity, f.engine, f.title_zh, f.title_en,
    i.interaction_id, i.channel, i.started_at, i.agent, i.team, i.queue, i.customer, i.product,
    i.transcriber, e.seq, e.start_ms, e.end_ms, e.because, e.party, e.utterance_seq, e.quote,
    e.measure, e.value, e.unit, e.threshold, e.score
FROM current_findings f
JOIN evidence e USING (finding_id)
JOIN interactions i ON i.interaction_id = f.interaction_id;
