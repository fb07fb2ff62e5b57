-- An agent's voice and pace in each call against the agent's own history: median and median absolute
-- deviation (times 1.4826) over all of the agent's calls kept; ten calls make a history.
CREATE OR REPLACE VIEW agents_own_usual AS
WITH taken AS (
    SELECT m.interaction_id, i.agent, i.started_at, m.name, m.unit, m.value,
        median(m.value) OVER own AS usual, count(*) OVER own AS calls
    FROM measures m JOIN interactions i USING (interaction_id)
    WHERE m.party = 'agent' AND m.value IS NOT NULL AND i.agent IS NOT NULL
        AND i.channel = 'voice' AND m.name IN (
            'speaking_speed', 'loudness_baseline', 'loudness_range', 'pitch_baseline',
            'pitch_range', 'balance_baseline', 'activation_highest', 'talk_over_rate',
            'reply_latency_p50', 'reply_latency_p90')
    WINDOW own AS (PARTITION BY i.agent, m.name)
),
spread AS (
    SELECT *, 1.4826 * median(abs(value - usual)) OVER (PARTITION BY agent, name) AS spread
    FROM taken
)
SELECT interaction_id, agent, started_at, name, unit, value, usual, spread, calls,
    CASE WHEN calls >= 10 AND spread > 0 THEN (value - usual) / spread END AS deviations
FROM spread;
