"""What each part does, measured: ``python -m benchmarks.<name>``."""
