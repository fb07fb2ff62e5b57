-- What made a rise sure, and what people did about it.

ALTER TABLE spikes ADD COLUMN run_days INTEGER DEFAULT 1;
ALTER TABLE spikes ADD COLUMN run_contacts INTEGER DEFAULT 0;
ALTER TABLE spikes ADD COLUMN run_expected DOUBLE DEFAULT 0;
-- Never changed: a later word on the same spike supersedes an earlier one by its time.
CREATE TABLE spike_actions (
    action_id VARCHAR NOT NULL,
    day DATE NOT NULL,
    kind VARCHAR NOT NULL,
    term VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    cause VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    acts_from DATE,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    note VARCHAR NOT NULL
);
