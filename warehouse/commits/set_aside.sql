-- An item is set aside for one reason: the last one. incoming_cleared lists items whose reason is
-- gone although nothing is kept under their name (a broken file that was deleted).
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT item
FROM (SELECT item FROM incoming_set_aside UNION SELECT item FROM incoming_cleared) named
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'aside' AND o.id = named.item
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM set_aside WHERE item IN (SELECT item FROM fresh);
INSERT INTO set_aside BY NAME
    SELECT s.*
    FROM incoming_set_aside s SEMI JOIN fresh USING (item)
    WHERE s.item NOT IN (
        SELECT i.source
        FROM interactions i JOIN origins o ON o.scope = 'interaction' AND o.id = i.interaction_id
        WHERE o.written_ns > (SELECT written_ns FROM incoming)
    );
DELETE FROM origins WHERE scope = 'aside' AND id IN (SELECT item FROM fresh);
INSERT INTO origins SELECT 'aside', item, '', (SELECT written_ns FROM incoming) FROM fresh;
