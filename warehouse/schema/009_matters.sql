-- What an interaction is about and what came of it: reason, product, resolution, promises.
CREATE TABLE matters (
    interaction_id VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    confidence DOUBLE NOT NULL,
    utterance_seq INTEGER,
    quote VARCHAR NOT NULL,
    issue VARCHAR NOT NULL,
    engine VARCHAR NOT NULL
);
