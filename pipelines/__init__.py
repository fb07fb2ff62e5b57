"""Stages put together: every decision about reading, writing, order and failure."""
