-- Per appeal the state it is in, and who raised it when.
CREATE OR REPLACE VIEW current_appeals AS
SELECT a.*, r.said_by AS raised_by, r.said_at AS raised_at, r.note AS plea
FROM (
    SELECT * FROM appeals
    QUALIFY row_number() OVER (
        PARTITION BY appeal_id ORDER BY said_at DESC, event_id DESC
    ) = 1
) a
JOIN (SELECT appeal_id, said_by, said_at, note FROM appeals WHERE state = 'raised') r
USING (appeal_id);
