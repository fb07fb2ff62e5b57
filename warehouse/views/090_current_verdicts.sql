-- Per finding the verdict given last and not withdrawn; what was said before stays in the table
-- verdicts.
CREATE OR REPLACE VIEW current_verdicts AS
SELECT * FROM verdicts
ANTI JOIN withdrawals USING (verdict_id)
QUALIFY row_number() OVER (
    PARTITION BY finding_id ORDER BY decided_at DESC, verdict_id DESC
) = 1;
