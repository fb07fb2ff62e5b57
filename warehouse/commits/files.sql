-- A file is known as it was seen last.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT f.item
FROM incoming_files f
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'file' AND o.id = f.item
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM files WHERE item IN (SELECT item FROM fresh);
INSERT INTO files BY NAME SELECT * FROM incoming_files SEMI JOIN fresh USING (item);
DELETE FROM origins WHERE scope = 'file' AND id IN (SELECT item FROM fresh);
INSERT INTO origins SELECT 'file', item, '', (SELECT written_ns FROM incoming) FROM fresh;
