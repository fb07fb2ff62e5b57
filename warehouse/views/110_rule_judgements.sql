-- Per version of a rule: how its findings were judged, and what it found of what people heard in
-- the control slice. Only interactions that this very version inspected are counted, and what is
-- there is there for every version: a new version is measured on what was heard before it.
CREATE OR REPLACE VIEW rule_judgements AS
WITH judged AS (
    SELECT
        rule_id, rule_version,
        count(*) FILTER (WHERE decision = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE decision = 'rejected') AS rejected,
        count(*) FILTER (WHERE decision = 'unsure') AS unsure
    FROM current_verdicts GROUP BY ALL
), heard AS (
    SELECT interaction_id, missed FROM current_reviews
    WHERE interaction_id IN (SELECT interaction_id FROM worklist WHERE is_control)
), confirmed AS (
    SELECT DISTINCT interaction_id, rule_id FROM current_verdicts WHERE decision = 'confirmed'
), asked AS (
    SELECT DISTINCT h.interaction_id, h.missed, r.rule_id, r.rule_version
    FROM heard h JOIN inspections i USING (interaction_id) JOIN plan_rules r USING (plan)
), standing AS (
    SELECT DISTINCT f.interaction_id, f.rule_id, f.rule_version
    FROM findings f
    ANTI JOIN (SELECT finding_id FROM current_verdicts WHERE decision = 'rejected') no
    USING (finding_id)
    WHERE f.interaction_id IN (SELECT interaction_id FROM heard)
), unanswered AS (
    SELECT DISTINCT interaction_id, rule_id, rule_version FROM not_measured
    WHERE interaction_id IN (SELECT interaction_id FROM heard)
), told AS (
    SELECT
        a.rule_id, a.rule_version,
        list_contains(a.missed, a.rule_id) OR c.rule_id IS NOT NULL AS is_present,
        s.rule_id IS NOT NULL AS is_found,
        s.rule_id IS NULL AND u.rule_id IS NOT NULL AS is_unanswered
    FROM asked a
    LEFT JOIN confirmed c ON c.interaction_id = a.interaction_id AND c.rule_id = a.rule_id
    LEFT JOIN standing s ON s.interaction_id = a.interaction_id
        AND s.rule_id = a.rule_id AND s.rule_version = a.rule_version
    LEFT JOIN unanswered u ON u.interaction_id = a.interaction_id
        AND u.rule_id = a.rule_id AND u.rule_version = a.rule_version
), control AS (
    SELECT
        rule_id, rule_version,
        count(*) AS heard,
        count(*) FILTER (WHERE is_present AND NOT is_unanswered) AS present,
        count(*) FILTER (WHERE is_present AND is_found) AS found,
        count(*) FILTER (WHERE is_present AND is_unanswered) AS unanswered
    FROM told GROUP BY ALL
)
SELECT
    coalesce(j.rule_id, c.rule_id) AS rule_id,
    coalesce(j.rule_version, c.rule_version) AS rule_version,
    coalesce(j.confirmed, 0) AS confirmed,
    coalesce(j.rejected, 0) AS rejected,
    coalesce(j.unsure, 0) AS unsure,
    coalesce(c.heard, 0) AS heard,
    coalesce(c.present, 0) AS present,
    coalesce(c.found, 0) AS found,
    coalesce(c.unanswered, 0) AS unanswered
FROM judged j FULL JOIN control c
    ON j.rule_id = c.rule_id AND j.rule_version = c.rule_version;
