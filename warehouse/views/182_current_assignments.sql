-- Per interaction who it is given to now; nobody where it was given back.
CREATE OR REPLACE VIEW current_assignments AS
SELECT * FROM assignments
QUALIFY row_number() OVER (
    PARTITION BY interaction_id ORDER BY said_at DESC, event_id DESC
) = 1;
