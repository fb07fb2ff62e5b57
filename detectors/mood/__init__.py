"""Mood: how negative what was said is, from what was said alone."""
