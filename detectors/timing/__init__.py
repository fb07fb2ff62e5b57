"""Timing: silence, talking over each other, slow answers."""
