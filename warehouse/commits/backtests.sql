-- The last back-test of a rule's version counts.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT b.rule_id, b.rule_version
FROM incoming_backtests b
WHERE NOT EXISTS (
    SELECT 1 FROM origins o
    WHERE o.scope = 'backtest' AND o.id = b.rule_id AND o.part = b.rule_version
      AND o.written_ns > (SELECT written_ns FROM incoming)
);
DELETE FROM backtests USING fresh f
WHERE backtests.rule_id = f.rule_id AND backtests.rule_version = f.rule_version;
INSERT INTO backtests BY NAME
    SELECT * FROM incoming_backtests SEMI JOIN fresh USING (rule_id, rule_version);
DELETE FROM origins USING fresh f
WHERE origins.scope = 'backtest' AND origins.id = f.rule_id AND origins.part = f.rule_version;
INSERT INTO origins
    SELECT 'backtest', rule_id, rule_version, (SELECT written_ns FROM incoming) FROM fresh;
