-- Per interaction heard or read whole, the review given last.
CREATE OR REPLACE VIEW current_reviews AS
SELECT * FROM reviews
QUALIFY row_number() OVER (
    PARTITION BY interaction_id ORDER BY decided_at DESC, review_id DESC
) = 1;
