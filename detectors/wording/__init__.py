"""Wording: what was said, and what was not."""
