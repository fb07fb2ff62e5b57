-- A version is published once; whoever published it first did. Of two shards with one version, from
-- two machines at once, the one of the earlier moment counts, in whatever order they come.
CREATE OR REPLACE TEMP TABLE earlier AS
SELECT i.rule_id, i.rule_version
FROM incoming_rule_versions i
WHERE NOT EXISTS (
    SELECT 1 FROM rule_versions r
    WHERE r.rule_id = i.rule_id AND r.rule_version = i.rule_version
      AND (r.published_at, r.published_by) <= (i.published_at, i.published_by)
);
DELETE FROM rule_versions USING earlier e
WHERE rule_versions.rule_id = e.rule_id AND rule_versions.rule_version = e.rule_version;
INSERT INTO rule_versions BY NAME
    SELECT * FROM incoming_rule_versions SEMI JOIN earlier USING (rule_id, rule_version);
