"""Alerts: what alarms, who is told when, and how it reaches them."""
