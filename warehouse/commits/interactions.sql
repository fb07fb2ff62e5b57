-- Interactions replace those with the same id that were written earlier.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT i.interaction_id, i.source
FROM incoming_interactions i
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'interaction' AND o.id = i.interaction_id
      AND o.written_ns > (SELECT written_ns FROM incoming)
);

-- Only what is here already gives way: a new batch reads none of the large tables.
CREATE OR REPLACE TEMP TABLE known AS
SELECT o.id AS interaction_id FROM origins o
WHERE o.scope = 'interaction' AND o.id IN (SELECT interaction_id FROM fresh);

DELETE FROM interactions WHERE interaction_id IN (SELECT interaction_id FROM known);
DELETE FROM recordings WHERE interaction_id IN (SELECT interaction_id FROM known);
DELETE FROM utterances WHERE interaction_id IN (SELECT interaction_id FROM known);
DELETE FROM speech WHERE interaction_id IN (SELECT interaction_id FROM known);
DELETE FROM contours WHERE interaction_id IN (SELECT interaction_id FROM known);
DELETE FROM doubted_terms WHERE interaction_id IN (SELECT interaction_id FROM known);

INSERT INTO interactions BY NAME
    SELECT * FROM incoming_interactions SEMI JOIN fresh USING (interaction_id);
INSERT INTO recordings BY NAME
    SELECT * FROM incoming_recordings SEMI JOIN fresh USING (interaction_id);
INSERT INTO utterances BY NAME
    SELECT * FROM incoming_utterances SEMI JOIN fresh USING (interaction_id);
INSERT INTO speech BY NAME
    SELECT * FROM incoming_speech SEMI JOIN fresh USING (interaction_id);
INSERT INTO contours BY NAME
    SELECT * FROM incoming_contours SEMI JOIN fresh USING (interaction_id);
INSERT INTO doubted_terms BY NAME
    SELECT * FROM incoming_doubted_terms SEMI JOIN fresh USING (interaction_id);

DELETE FROM origins
WHERE scope = 'interaction' AND id IN (SELECT interaction_id FROM fresh);
INSERT INTO origins
    SELECT 'interaction', interaction_id, '', (SELECT written_ns FROM incoming) FROM fresh;

-- An item that is kept now was set aside before.
DELETE FROM set_aside
WHERE item IN (
    SELECT f.source
    FROM fresh f JOIN origins o ON o.scope = 'aside' AND o.id = f.source
    WHERE o.written_ns < (SELECT written_ns FROM incoming)
);

-- An inspection of what the interaction was before says nothing about what it is now.
CREATE OR REPLACE TEMP TABLE stale AS
SELECT o.id AS interaction_id, o.part AS plan
FROM origins o SEMI JOIN fresh ON fresh.interaction_id = o.id
WHERE o.scope = 'inspection' AND o.written_ns < (SELECT written_ns FROM incoming);

DELETE FROM inspections
WHERE EXISTS (
    SELECT 1 FROM stale s
    WHERE s.interaction_id = inspections.interaction_id AND s.plan = inspections.plan
);

CREATE OR REPLACE TEMP TABLE covered AS
SELECT DISTINCT i.interaction_id, r.rule_id, r.rule_version
FROM inspections i
JOIN plan_rules r USING (plan)
WHERE i.interaction_id IN (SELECT interaction_id FROM stale);

CREATE OR REPLACE TEMP TABLE gone AS
SELECT f.finding_id
FROM findings f
ANTI JOIN covered USING (interaction_id, rule_id, rule_version)
WHERE f.interaction_id IN (SELECT interaction_id FROM stale);

DELETE FROM evidence WHERE finding_id IN (SELECT finding_id FROM gone);
DELETE FROM findings WHERE finding_id IN (SELECT finding_id FROM gone);
DELETE FROM not_measured
WHERE interaction_id IN (SELECT interaction_id FROM stale)
  AND NOT EXISTS (
      SELECT 1 FROM covered c
      WHERE c.interaction_id = not_measured.interaction_id
        AND c.rule_id = not_measured.rule_id AND c.rule_version = not_measured.rule_version
  );
DELETE FROM measures
WHERE interaction_id IN (SELECT interaction_id FROM stale)
  AND interaction_id NOT IN (SELECT interaction_id FROM inspections);

-- A score of what the interaction was before says nothing about what it is now; what people
-- answered stays.
CREATE OR REPLACE TEMP TABLE stale_scores AS
SELECT o.id AS interaction_id, o.part
FROM origins o SEMI JOIN fresh ON fresh.interaction_id = o.id
WHERE o.scope = 'score' AND o.written_ns < (SELECT written_ns FROM incoming);
DELETE FROM scores USING stale_scores s
WHERE scores.interaction_id = s.interaction_id
  AND scores.sheet_id || '@' || scores.sheet_version = s.part;
DELETE FROM score_lines USING stale_scores s
WHERE score_lines.interaction_id = s.interaction_id
  AND score_lines.sheet_id || '@' || score_lines.sheet_version = s.part;
