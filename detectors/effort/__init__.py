"""Effort: what it cost a customer to be served, in one interaction and over many."""
