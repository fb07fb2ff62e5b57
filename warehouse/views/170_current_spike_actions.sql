-- Per spike the cause, owner and action named last.
CREATE OR REPLACE VIEW current_spike_actions AS
SELECT * FROM spike_actions
QUALIFY row_number() OVER (
    PARTITION BY day, kind, term, dimension, value ORDER BY decided_at DESC, action_id DESC
) = 1;
