-- Per alert and channel when a message of it arrived first and last.
CREATE OR REPLACE VIEW alert_receipts AS
SELECT
    alert_id, channel, arg_min(message_id, said_at) AS message_id,
    min(said_at) AS delivered_at, max(said_at) AS last_delivered_at
FROM (SELECT unnest(alert_ids) AS alert_id, * FROM current_alert_messages WHERE state = 'delivered')
GROUP BY alert_id, channel;
