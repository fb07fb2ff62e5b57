-- What could not be answered today, and why.
CREATE OR REPLACE VIEW current_not_measured AS
SELECT n.interaction_id, n.rule_id, n.rule_version, n.engine, n.because, r.title_zh, r.title_en
FROM not_measured n
JOIN current_inspections i USING (interaction_id)
JOIN plan_rules r
    ON r.plan = i.plan AND r.rule_id = n.rule_id AND r.rule_version = n.rule_version;
