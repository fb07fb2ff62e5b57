"""Mood: how negative what was said is, from words alone."""
