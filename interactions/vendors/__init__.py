"""Transcripts made elsewhere: one module a format, one list of them in ``catalogue``."""
