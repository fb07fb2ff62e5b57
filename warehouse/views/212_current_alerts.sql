-- Each alert once, as it was raised first, with what was last said to it.
CREATE OR REPLACE VIEW current_alerts AS
WITH raised AS (
    SELECT * FROM alerts
    QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY said_at, event_id) = 1
),
answered AS (
    SELECT * FROM alert_answers
    QUALIFY row_number() OVER (PARTITION BY alert_id ORDER BY said_at DESC, event_id DESC) = 1
),
told AS (
    SELECT alert_id, min(delivered_at) AS told_at FROM alert_receipts GROUP BY alert_id
)
SELECT
    r.alert_id, r.source, r.level, r.about, r.rule_id, r.queue, r.group_key, r.details,
    r.ended_at, r.landed_at, r.said_at AS raised_at, t.told_at,
    CASE WHEN a.act IS NULL OR a.act = 'reopened' THEN 'open' ELSE a.act END AS state,
    a.until, a.note, a.said_by AS answered_by, a.said_at AS answered_at
FROM raised r
LEFT JOIN answered a USING (alert_id)
LEFT JOIN told t USING (alert_id);
