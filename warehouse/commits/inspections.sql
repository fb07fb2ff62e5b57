-- An inspection replaces what the same rule versions said about the same interactions. What other
-- versions of a rule said stays, so that a verdict given on it can always be looked up.
CREATE OR REPLACE TEMP TABLE fresh_plans AS
SELECT DISTINCT r.plan
FROM incoming_plan_rules r
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'plan' AND o.id = r.plan
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM plan_rules WHERE plan IN (SELECT plan FROM fresh_plans);
INSERT INTO plan_rules BY NAME
    SELECT * FROM incoming_plan_rules SEMI JOIN fresh_plans USING (plan);
DELETE FROM origins WHERE scope = 'plan' AND id IN (SELECT plan FROM fresh_plans);
INSERT INTO origins
    SELECT 'plan', plan, '', (SELECT written_ns FROM incoming) FROM fresh_plans;

-- The plan used last is the one in force.
UPDATE plans
SET place = greatest(place, (SELECT written_ns FROM incoming))
WHERE plan IN (SELECT plan FROM incoming_inspections);
INSERT INTO plans
    SELECT DISTINCT plan, (SELECT written_ns FROM incoming)
    FROM incoming_inspections ANTI JOIN plans USING (plan);

-- Left out: what was inspected again later, and what was inspected before its words changed.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT i.interaction_id, i.plan
FROM incoming_inspections i
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.id = i.interaction_id
      AND (o.scope = 'interaction' OR (o.scope = 'inspection' AND o.part = i.plan))
      AND o.written_ns > (SELECT written_ns FROM incoming)
);

CREATE OR REPLACE TEMP TABLE later AS
SELECT o.id AS interaction_id, o.part AS plan
FROM origins o
WHERE o.scope = 'inspection' AND o.id IN (SELECT interaction_id FROM fresh)
  AND o.written_ns > (SELECT written_ns FROM incoming);

CREATE OR REPLACE TEMP TABLE later_rules AS
SELECT DISTINCT l.interaction_id, r.rule_id, r.rule_version
FROM later l JOIN plan_rules r USING (plan);

-- Only what was inspected before has rows that give way: a new batch reads none of the large tables.
CREATE OR REPLACE TEMP TABLE known AS
SELECT DISTINCT o.id AS interaction_id FROM origins o
WHERE o.scope = 'inspection' AND o.id IN (SELECT interaction_id FROM fresh);

CREATE OR REPLACE TEMP TABLE replaced AS
SELECT finding_id
FROM findings
SEMI JOIN known USING (interaction_id)
SEMI JOIN incoming_plan_rules USING (rule_id, rule_version)
ANTI JOIN later_rules USING (interaction_id, rule_id, rule_version);

DELETE FROM evidence WHERE finding_id IN (SELECT finding_id FROM replaced);
DELETE FROM findings WHERE finding_id IN (SELECT finding_id FROM replaced);
DELETE FROM not_measured
WHERE interaction_id IN (SELECT interaction_id FROM known)
  AND EXISTS (
      SELECT 1 FROM incoming_plan_rules r
      WHERE r.rule_id = not_measured.rule_id AND r.rule_version = not_measured.rule_version
  )
  AND NOT EXISTS (
      SELECT 1 FROM later_rules l
      WHERE l.interaction_id = not_measured.interaction_id
        AND l.rule_id = not_measured.rule_id AND l.rule_version = not_measured.rule_version
  );

CREATE OR REPLACE TEMP TABLE outdated AS
SELECT finding_id
FROM incoming_findings SEMI JOIN later_rules USING (interaction_id, rule_id, rule_version);
INSERT INTO findings BY NAME
    SELECT *
    FROM incoming_findings SEMI JOIN fresh USING (interaction_id) ANTI JOIN outdated USING (finding_id);
INSERT INTO evidence BY NAME
    SELECT *
    FROM incoming_evidence SEMI JOIN fresh USING (interaction_id) ANTI JOIN outdated USING (finding_id);
INSERT INTO not_measured BY NAME
    SELECT *
    FROM incoming_not_measured
    SEMI JOIN fresh USING (interaction_id)
    ANTI JOIN later_rules USING (interaction_id, rule_id, rule_version);

-- Measures and matters belong to no rule: the last inspection's count.
CREATE OR REPLACE TEMP TABLE last AS
SELECT DISTINCT interaction_id FROM fresh ANTI JOIN later USING (interaction_id);
DELETE FROM measures
WHERE interaction_id IN (SELECT interaction_id FROM last SEMI JOIN known USING (interaction_id));
INSERT INTO measures BY NAME
    SELECT * FROM incoming_measures SEMI JOIN last USING (interaction_id);
DELETE FROM matters
WHERE interaction_id IN (SELECT interaction_id FROM last SEMI JOIN known USING (interaction_id));
INSERT INTO matters BY NAME
    SELECT * FROM incoming_matters SEMI JOIN last USING (interaction_id);

DELETE FROM inspections USING fresh f
WHERE inspections.interaction_id = f.interaction_id AND inspections.plan = f.plan;
INSERT INTO inspections BY NAME
    SELECT * FROM incoming_inspections SEMI JOIN fresh USING (interaction_id, plan);
DELETE FROM origins USING fresh f
WHERE origins.scope = 'inspection' AND origins.id = f.interaction_id AND origins.part = f.plan;
INSERT INTO origins
    SELECT 'inspection', interaction_id, plan, (SELECT written_ns FROM incoming) FROM fresh;
