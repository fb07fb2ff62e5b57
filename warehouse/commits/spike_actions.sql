-- Causes, owners and actions are added, never changed: the same one twice is one.
INSERT INTO spike_actions BY NAME
    SELECT * FROM incoming_spike_actions ANTI JOIN spike_actions USING (action_id);
