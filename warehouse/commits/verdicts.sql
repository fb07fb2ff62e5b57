-- Verdicts are added, never changed: the same one twice is one.
INSERT INTO verdicts BY NAME
    SELECT * FROM incoming_verdicts ANTI JOIN verdicts USING (verdict_id);
