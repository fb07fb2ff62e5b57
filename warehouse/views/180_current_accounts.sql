-- Per person the account as it was said last.
CREATE OR REPLACE VIEW current_accounts AS
SELECT * FROM accounts
QUALIFY row_number() OVER (
    PARTITION BY person_id ORDER BY said_at DESC, event_id DESC
) = 1;
