-- A score replaces the one by the same version of the same sheet. Left out: what was scored again
-- later, and what was scored before its words changed.
INSERT INTO score_sheets BY NAME
    SELECT DISTINCT * FROM incoming_score_sheets
    ANTI JOIN score_sheets USING (sheet_id, sheet_version);
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT s.interaction_id, s.sheet_id, s.sheet_version, s.sheet_id || '@' || s.sheet_version AS part
FROM incoming_scores s
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.id = s.interaction_id
      AND (o.scope = 'interaction'
           OR (o.scope = 'score' AND o.part = s.sheet_id || '@' || s.sheet_version))
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM scores USING fresh f
WHERE scores.interaction_id = f.interaction_id AND scores.sheet_id = f.sheet_id
  AND scores.sheet_version = f.sheet_version;
DELETE FROM score_lines USING fresh f
WHERE score_lines.interaction_id = f.interaction_id AND score_lines.sheet_id = f.sheet_id
  AND score_lines.sheet_version = f.sheet_version;
INSERT INTO scores BY NAME
    SELECT * FROM incoming_scores SEMI JOIN fresh USING (interaction_id, sheet_id, sheet_version);
INSERT INTO score_lines BY NAME
    SELECT * FROM incoming_score_lines
    SEMI JOIN fresh USING (interaction_id, sheet_id, sheet_version);
DELETE FROM origins USING fresh f
WHERE origins.scope = 'score' AND origins.id = f.interaction_id AND origins.part = f.part;
INSERT INTO origins
    SELECT 'score', interaction_id, part, (SELECT written_ns FROM incoming) FROM fresh;
