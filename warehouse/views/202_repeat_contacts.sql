-- Contacts of the same customer about the same issue, and how long after the last one they came.
CREATE OR REPLACE VIEW repeat_contacts AS
SELECT interaction_id, customer, issue, started_at, before_id, days_since
FROM (
    SELECT
        interaction_id, customer, issue, started_at,
        lag(interaction_id) OVER earlier AS before_id,
        (epoch(started_at) - epoch(lag(started_at) OVER earlier)) / 86400.0 AS days_since
    FROM customer_contacts
    WINDOW earlier AS (PARTITION BY customer, issue ORDER BY started_at, interaction_id)
) one
WHERE before_id IS NOT NULL;
