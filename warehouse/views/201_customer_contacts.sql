-- Interactions of known customers with their issue and what they cost: what repeats are told from.
-- The issue is the reason, of faults with the product; queue and product where it is not sorted.
CREATE OR REPLACE VIEW customer_contacts AS
SELECT
    i.interaction_id, i.customer, i.started_at, i.channel, i.queue, i.product,
    coalesce(s.reason, '') AS reason,
    coalesce(nullif(s.issue, ''), coalesce(i.queue, '') || ' · ' || coalesce(i.product, ''))
        AS issue,
    m.value AS effort
FROM interactions i
LEFT JOIN sorted_interactions s USING (interaction_id)
LEFT JOIN measures m ON m.interaction_id = i.interaction_id AND m.name = 'effort'
WHERE i.customer IS NOT NULL;
