-- Which text of the search index is whose (console.search.sqlite numbers them), beside the lines, so
-- that a hundred thousand hits are numbers to the worklist and not names.
CREATE TABLE texts_held (
    number BIGINT NOT NULL,
    interaction_id VARCHAR NOT NULL
);
ALTER TABLE lines ADD COLUMN number BIGINT;
-- How many shards the lines were made from. A process that is killed between taking shards in and
-- making the lines leaves fewer here than there are.
CREATE TABLE lines_made (
    shards BIGINT NOT NULL
);
