-- A ranking replaces the one before.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT written_ns
FROM incoming
WHERE NOT EXISTS (
    SELECT 1 FROM origins o WHERE o.scope = 'worklist' AND o.written_ns > incoming.written_ns
);
DELETE FROM worklist WHERE EXISTS (SELECT 1 FROM fresh);
INSERT INTO worklist BY NAME SELECT w.* FROM incoming_worklist w WHERE EXISTS (SELECT 1 FROM fresh);
DELETE FROM origins WHERE scope = 'worklist' AND EXISTS (SELECT 1 FROM fresh);
INSERT INTO origins SELECT 'worklist', '', '', written_ns FROM fresh;
