"""From an interaction to findings: pure computation, one detector a file."""
