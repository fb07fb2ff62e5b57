-- The outbox: what alarmed, every step of every message, and what people answered. Added to, never
-- changed, as all that is said.
CREATE TABLE alerts (
    event_id VARCHAR NOT NULL,
    alert_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    rule_id VARCHAR NOT NULL,
    queue VARCHAR NOT NULL,
    group_key VARCHAR NOT NULL,
    details VARCHAR NOT NULL,
    ended_at TIMESTAMPTZ,
    landed_at TIMESTAMPTZ,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE alert_messages (
    event_id VARCHAR NOT NULL,
    message_id VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    alert_ids VARCHAR[] NOT NULL,
    state VARCHAR NOT NULL,
    attempt BIGINT NOT NULL,
    error VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE alert_answers (
    event_id VARCHAR NOT NULL,
    alert_id VARCHAR NOT NULL,
    act VARCHAR NOT NULL,
    until TIMESTAMPTZ,
    note VARCHAR NOT NULL,
    said_by VARCHAR NOT NULL,
    said_at TIMESTAMPTZ NOT NULL
);
