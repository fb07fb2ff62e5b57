-- Interactions of which people said something that stands: a verdict, or that they heard it whole.
CREATE OR REPLACE VIEW judged_interactions AS
SELECT interaction_id FROM verdicts ANTI JOIN withdrawals USING (verdict_id)
UNION ALL
SELECT interaction_id FROM reviews;
