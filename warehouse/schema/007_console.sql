-- What people do in the console. Every table but sessions is added to, never changed: of several
-- rows about one thing, the one said last counts.
CREATE TABLE accounts (
    event_id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    roles VARCHAR[] NOT NULL,
    agent VARCHAR,
    password_hash VARCHAR NOT NULL,
    is_active BOOLEAN NOT NULL,
    quota BIGINT NOT NULL,
    language VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE sessions (
    token_hash VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE audit (
    event_id VARCHAR NOT NULL,
    act VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE assignments (
    event_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE saved_views (
    event_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    query VARCHAR NOT NULL,
    is_removed BOOLEAN NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE withdrawals (
    event_id VARCHAR NOT NULL,
    verdict_id VARCHAR NOT NULL,
    finding_id VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE corrections (
    event_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    was_party VARCHAR NOT NULL,
    was_text VARCHAR NOT NULL,
    party VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE appeals (
    event_id VARCHAR NOT NULL,
    appeal_id VARCHAR NOT NULL,
    finding_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    rule_version VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE calibrations (
    event_id VARCHAR NOT NULL,
    round_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    sheet_id VARCHAR NOT NULL,
    interaction_ids VARCHAR[] NOT NULL,
    reviewers VARCHAR[] NOT NULL,
    is_open BOOLEAN NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE calibration_answers (
    event_id VARCHAR NOT NULL,
    round_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    answer VARCHAR NOT NULL,
    share DOUBLE,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE coaching_cases (
    event_id VARCHAR NOT NULL,
    case_id VARCHAR NOT NULL,
    interaction_id VARCHAR NOT NULL,
    finding_id VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    polarity VARCHAR NOT NULL,
    topic VARCHAR NOT NULL,
    product VARCHAR NOT NULL,
    difficulty VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    advice VARCHAR NOT NULL,
    is_removed BOOLEAN NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE collections (
    event_id VARCHAR NOT NULL,
    collection_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    case_ids VARCHAR[] NOT NULL,
    is_removed BOOLEAN NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE coaching_tasks (
    event_id VARCHAR NOT NULL,
    task_id VARCHAR NOT NULL,
    collection_id VARCHAR NOT NULL,
    agent VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
-- The worklist with its interactions' fields and findings, made anew after every change of them:
-- joining ten million findings takes seconds, reading these lines milliseconds.
CREATE TABLE lines (
    position INTEGER NOT NULL,
    interaction_id VARCHAR NOT NULL,
    risk DOUBLE NOT NULL,
    is_control BOOLEAN NOT NULL,
    rules VARCHAR[] NOT NULL,
    channel VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    duration_ms BIGINT NOT NULL,
    agent VARCHAR,
    team VARCHAR,
    queue VARCHAR,
    customer VARCHAR,
    product VARCHAR,
    language VARCHAR NOT NULL,
    trust DOUBLE,
    findings BIGINT NOT NULL,
    rule_ids VARCHAR[] NOT NULL,
    severities VARCHAR[] NOT NULL
);
