-- What is kept. Every column is explained in docs/warehouse.md; a test compares the two.
-- No primary keys: one costs four times the insert and four times the size. The commits keep every
-- row unique (commits/*.sql), and the tests check that they do.
-- Times are milliseconds from the interaction's start; *_at are UTC.

-- About the keeping itself, different on every machine and every run.
CREATE TABLE shards (
    kind VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    committed_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE runs (
    run_id VARCHAR NOT NULL,
    flow VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    state VARCHAR NOT NULL,
    summary JSON NOT NULL
);
-- Which shard a row came from, by the time it was written: of two shards with the same row the
-- later one counts, in whatever order they are committed.
CREATE TABLE origins (
    scope VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    written_ns BIGINT NOT NULL
);
CREATE TABLE plans (
    plan VARCHAR NOT NULL,
    place BIGINT NOT NULL
);

-- What was read.
CREATE TABLE files (
    item VARCHAR NOT NULL,
    bytes BIGINT NOT NULL,
    modified_ns BIGINT NOT NULL,
    content_hash VARCHAR NOT NULL,
    stage VARCHAR NOT NULL
);
CREATE TABLE set_aside (
    item VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    details JSON NOT NULL,
    content_hash VARCHAR
);
CREATE TABLE interactions (
    interaction_id VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    duration_ms BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    agent VARCHAR,
    team VARCHAR,
    queue VARCHAR,
    customer VARCHAR,
    product VARCHAR,
    attributes JSON NOT NULL,
    transcriber VARCHAR NOT NULL,
    trust DOUBLE,
    role_confidence DOUBLE
);
CREATE TABLE recordings (
    interaction_id VARCHAR NOT NULL,
    recording_id VARCHAR NOT NULL,
    files VARCHAR[] NOT NULL,
    duration_ms BIGINT NOT NULL,
    sample_rate INTEGER NOT NULL,
    codec VARCHAR NOT NULL,
    tracks VARCHAR[] NOT NULL,
    identical_tracks BOOLEAN NOT NULL,
    correlation DOUBLE,
    quality STRUCT(peak_db DOUBLE, clipped DOUBLE, snr_db DOUBLE, is_dead BOOLEAN)[] NOT NULL
);
CREATE TABLE utterances (
    interaction_id VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    party VARCHAR NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    words STRUCT(start_ms BIGINT, end_ms BIGINT, text VARCHAR, confidence DOUBLE)[] NOT NULL,
    confidence DOUBLE,
    dropped_because VARCHAR
);
CREATE TABLE speech (
    interaction_id VARCHAR NOT NULL,
    track INTEGER NOT NULL,
    party VARCHAR NOT NULL,
    spans STRUCT(start_ms BIGINT, end_ms BIGINT)[] NOT NULL
);
CREATE TABLE contours (
    interaction_id VARCHAR NOT NULL,
    track INTEGER NOT NULL,
    party VARCHAR NOT NULL,
    step_ms INTEGER NOT NULL,
    loudness_db FLOAT[] NOT NULL,
    pitch_hz FLOAT[] NOT NULL
);

-- What was found.
CREATE TABLE plan_rules (
    plan VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    title_zh VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL
);
CREATE TABLE inspections (
    interaction_id VARCHAR NOT NULL,
    plan VARCHAR NOT NULL,
    engine VARCHAR NOT NULL
);
CREATE TABLE findings (
    finding_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    engine VARCHAR NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    score DOUBLE NOT NULL
);
CREATE TABLE evidence (
    finding_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    because VARCHAR NOT NULL,
    party VARCHAR,
    utterance_seq INTEGER,
    quote VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    value DOUBLE,
    unit VARCHAR NOT NULL,
    threshold DOUBLE,
    score DOUBLE NOT NULL
);
CREATE TABLE not_measured (
    interaction_id VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    engine VARCHAR NOT NULL,
    because VARCHAR NOT NULL
);
CREATE TABLE measures (
    interaction_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    party VARCHAR,
    value DOUBLE,
    unit VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    engine VARCHAR NOT NULL
);
CREATE TABLE worklist (
    position INTEGER NOT NULL,
    interaction_id VARCHAR NOT NULL,
    risk DOUBLE NOT NULL,
    is_control BOOLEAN NOT NULL,
    rules VARCHAR[] NOT NULL
);

-- What rises.
CREATE TABLE counted_days (
    day DATE NOT NULL,
    kind VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    digest VARCHAR NOT NULL
);
CREATE TABLE term_counts (
    day DATE NOT NULL,
    kind VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    contacts INTEGER NOT NULL,
    customers INTEGER NOT NULL,
    unnamed INTEGER NOT NULL,
    top_customer INTEGER NOT NULL,
    examples VARCHAR[] NOT NULL
);
CREATE TABLE compared_days (
    day DATE NOT NULL,
    kind VARCHAR NOT NULL,
    stage VARCHAR NOT NULL
);
CREATE TABLE spikes (
    day DATE NOT NULL,
    kind VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    contacts INTEGER NOT NULL,
    customers INTEGER NOT NULL,
    exposure INTEGER NOT NULL,
    expected DOUBLE NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    p_value DOUBLE NOT NULL,
    q_value DOUBLE NOT NULL,
    since DATE NOT NULL,
    top_customer_share DOUBLE,
    is_few_customers BOOLEAN NOT NULL,
    method VARCHAR NOT NULL,
    examples VARCHAR[] NOT NULL
);
