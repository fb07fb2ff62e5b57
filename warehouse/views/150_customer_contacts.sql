-- Interactions of known customers with their issue and what they cost: what repeats are told from.
CREATE OR REPLACE VIEW customer_contacts AS
SELECT
    i.interaction_id, i.customer, i.started_at, i.channel, i.queue, i.product,
    coalesce(i.queue, '') || ' · ' || coalesce(i.product, '') AS issue,
    m.value AS effort
FROM interactions i
LEFT JOIN measures m ON m.interaction_id = i.interaction_id AND m.name = 'effort'
WHERE i.customer IS NOT NULL;
