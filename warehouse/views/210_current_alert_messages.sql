-- Per message its last step, and when it was begun. Delivered counts, whatever came later.
CREATE OR REPLACE VIEW current_alert_messages AS
SELECT *, min(said_at) OVER (PARTITION BY message_id) AS begun_at
FROM alert_messages
QUALIFY row_number() OVER (
    PARTITION BY message_id ORDER BY state = 'delivered' DESC, said_at DESC, event_id DESC
) = 1;
