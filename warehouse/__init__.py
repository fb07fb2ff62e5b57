"""What is kept: one DuckDB file, and the spool of immutable shards that it is built from."""
