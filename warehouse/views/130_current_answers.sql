-- Per line of a score sheet what a person answered last.
CREATE OR REPLACE VIEW current_answers AS
SELECT * FROM answers
QUALIFY row_number() OVER (
    PARTITION BY interaction_id, sheet_id, item_id ORDER BY decided_at DESC, answer_id DESC
) = 1;
