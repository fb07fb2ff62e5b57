-- What counts today. What earlier versions of a rule found is in the table findings only.
CREATE OR REPLACE VIEW current_findings AS
SELECT
    f.finding_id, f.interaction_id, f.rule_id, f.rule_version, f.severity, f.engine,
    f.start_ms, f.end_ms, f.score, r.title_zh, r.title_en
FROM findings f
JOIN current_inspections i USING (interaction_id)
JOIN plan_rules r
    ON r.plan = i.plan AND r.rule_id = f.rule_id AND r.rule_version = f.rule_version;
