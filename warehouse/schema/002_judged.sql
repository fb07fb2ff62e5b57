-- What people said of what was found, which rules they published, and how interactions scored.

-- Never changed: a later verdict on the same finding supersedes an earlier one by its time.
CREATE TABLE verdicts (
    verdict_id VARCHAR NOT NULL,
    finding_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    cause VARCHAR,
    reviewer VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    note VARCHAR NOT NULL
);
-- An interaction that a person heard or read whole: what the rules missed in it.
CREATE TABLE reviews (
    review_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    missed VARCHAR[] NOT NULL,
    reviewer VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    note VARCHAR NOT NULL
);
CREATE TABLE rule_versions (
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    title_zh VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    published_by VARCHAR NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    why VARCHAR NOT NULL
);
CREATE TABLE backtests (
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    live_version VARCHAR,
    interactions BIGINT NOT NULL,
    found BIGINT NOT NULL,
    gained BIGINT NOT NULL,
    lost BIGINT NOT NULL,
    not_measured BIGINT NOT NULL,
    days INTEGER NOT NULL,
    worst_day DATE,
    worst_count BIGINT NOT NULL
);

CREATE TABLE score_sheets (
    sheet_id VARCHAR NOT NULL,
    sheet_version VARCHAR NOT NULL,
    title_zh VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL
);
CREATE TABLE scores (
    interaction_id VARCHAR NOT NULL,
    sheet_id VARCHAR NOT NULL,
    sheet_version VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    score DOUBLE,
    critical_score DOUBLE,
    is_fatal BOOLEAN NOT NULL,
    answered INTEGER NOT NULL,
    items INTEGER NOT NULL
);
CREATE TABLE score_lines (
    interaction_id VARCHAR NOT NULL,
    sheet_id VARCHAR NOT NULL,
    sheet_version VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    section_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    earned DOUBLE,
    points DOUBLE NOT NULL,
    hits INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL,
    source_version VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    value DOUBLE,
    unit VARCHAR NOT NULL,
    finding_ids VARCHAR[] NOT NULL
);
-- What people answered: beside the machine's lines, never instead of them.
CREATE TABLE answers (
    answer_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    sheet_id VARCHAR NOT NULL,
    sheet_version VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    earned DOUBLE,
    reviewer VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    note VARCHAR NOT NULL
);
