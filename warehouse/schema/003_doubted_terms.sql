-- Names and terms in a transcript that its sound does not bear out (asr.lexicon).
CREATE TABLE doubted_terms (
    interaction_id VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    term VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    confidence DOUBLE
);
