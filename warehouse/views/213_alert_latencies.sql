-- How long alerts took, in seconds: median and 95th percentile per source. Seconds from the
-- contact's end, from when it lay in the inbox, and until the first message arrived.
CREATE OR REPLACE VIEW alert_latencies AS
SELECT
    source, count(*) AS alerts,
    quantile_cont(epoch(raised_at) - epoch(ended_at), 0.5) AS end_to_raised_median,
    quantile_cont(epoch(raised_at) - epoch(ended_at), 0.95) AS end_to_raised_p95,
    quantile_cont(epoch(raised_at) - epoch(landed_at), 0.5) AS landed_to_raised_median,
    quantile_cont(epoch(raised_at) - epoch(landed_at), 0.95) AS landed_to_raised_p95,
    quantile_cont(epoch(told_at) - epoch(raised_at), 0.5) AS raised_to_told_median,
    quantile_cont(epoch(told_at) - epoch(raised_at), 0.95) AS raised_to_told_p95,
    quantile_cont(
        epoch(answered_at) - epoch(raised_at), 0.5
    ) FILTER (WHERE state <> 'open') AS raised_to_answered_median
FROM current_alerts
GROUP BY source;
