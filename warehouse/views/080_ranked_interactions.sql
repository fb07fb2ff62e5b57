-- The worklist with what a reviewer wants to know before opening an interaction.
CREATE OR REPLACE VIEW ranked_interactions AS
SELECT
    w.position, w.interaction_id, w.risk, w.is_control, w.rules,
    i.channel, i.started_at, i.duration_ms, i.agent, i.team, i.queue, i.customer, i.product,
    i.language, i.trust,
    coalesce(f.findings, 0) AS findings,
    coalesce(f.rule_ids, []) AS rule_ids,
    coalesce(f.severities, []) AS severities
FROM worklist w
JOIN interactions i USING (interaction_id)
LEFT JOIN (
    SELECT
        interaction_id,
        count(*) AS findings,
        list_sort(list_distinct(list(rule_id))) AS rule_ids,
        list_sort(list_distinct(list(severity))) AS severities
    FROM current_findings SEMI JOIN worklist USING (interaction_id)
    GROUP BY interaction_id
) f USING (interaction_id);
