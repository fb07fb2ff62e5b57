-- Reviews are added, never changed: the same one twice is one.
INSERT INTO reviews BY NAME
    SELECT * FROM incoming_reviews ANTI JOIN reviews USING (review_id);
