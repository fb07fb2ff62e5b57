"""The fields that only score sheets have, and for which interactions a sheet is."""

from __future__ import annotations

from detectors.rule_fields import read_conditions
from detectors.rule_reading import Reading, Slot
from detectors.rules import When

_WHEN = ("channels", "queues", "teams", "agents", "products", "directions")


def read_above(reading: Reading, slot: Slot) -> float:
    """Return a number above 0."""
    value = reading.number(slot)
    if value <= 0:
        raise reading.refused(slot, "out_of_range", "more than 0")
    return value


def read_when(reading: Reading, slot: Slot) -> When:
    """Return for which interactions a sheet is."""
    return When(**read_conditions(reading, slot, _WHEN))
