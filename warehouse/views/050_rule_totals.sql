-- Per rule in force: how many interactions were asked, how many have it, how many cannot say.
CREATE OR REPLACE VIEW rule_totals AS
SELECT
    r.rule_id, r.rule_version, r.severity, r.title_zh, r.title_en,
    count(*) AS inspected,
    count(f.interaction_id) AS interactions,
    CAST(coalesce(sum(f.findings), 0) AS BIGINT) AS findings,
    count(n.interaction_id) AS not_measured
FROM current_inspections i
JOIN plan_rules r USING (plan)
LEFT JOIN (
    SELECT interaction_id, rule_id, rule_version, count(*) AS findings
    FROM findings GROUP BY ALL
) f USING (interaction_id, rule_id, rule_version)
LEFT JOIN (
    SELECT DISTINCT interaction_id, rule_id, rule_version FROM not_measured
) n USING (interaction_id, rule_id, rule_version)
GROUP BY ALL;
