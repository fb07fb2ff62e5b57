-- When in the day the contacts of a count began. No default: DuckDB cannot replay one that is a
-- list from its log after a kill.

ALTER TABLE term_counts ADD COLUMN hours INTEGER[];
