-- Per interaction and sheet the score by the highest version of the sheet.
CREATE OR REPLACE VIEW current_scores AS
SELECT
    s.*, i.channel, i.started_at, i.agent, i.team, i.queue, i.product
FROM scores s JOIN interactions i USING (interaction_id)
QUALIFY row_number() OVER (
    PARTITION BY s.interaction_id, s.sheet_id
    ORDER BY TRY_CAST(split_part(s.sheet_version, '-', 1) AS INTEGER) DESC, s.sheet_version DESC
) = 1;
