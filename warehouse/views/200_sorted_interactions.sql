-- One row per interaction: what it is about and what came of it, side by side.
CREATE OR REPLACE VIEW sorted_interactions AS
SELECT
    interaction_id,
    max(category) FILTER (dimension = 'reason') AS reason,
    max(confidence) FILTER (dimension = 'reason') AS confidence,
    max(category) FILTER (dimension = 'product') AS product,
    max(category) FILTER (dimension = 'resolution') AS resolution,
    list_sort(coalesce(list(category) FILTER (dimension = 'promise'), [])) AS promises,
    list_sort(coalesce(list(category) FILTER (dimension = 'follow-up'), [])) AS follow_ups,
    max(issue) FILTER (dimension = 'reason') AS issue
FROM matters
GROUP BY interaction_id;
