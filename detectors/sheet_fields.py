"""The plain fields of a score sheet: ids, titles, numbers, and for which interactions it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any as Anything

from detectors.rule_reading import Reading, Slot
from detectors.rules import When
from interactions.interaction import Channel, Language

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WHEN = ("channels", "queues", "teams", "agents", "products", "directions")


def read_id(reading: Reading, slot: Slot) -> str:
    """Return an id; raises Refused where it has other characters."""
    text = reading.text(slot)
    if not _ID.fullmatch(text):
        raise reading.refused(slot, "bad_id", "for example greeting-missing")
    return text


def read_version(reading: Reading, slot: Slot) -> int:
    """Return the author's number."""
    version = reading.whole(slot)
    if version < 1:
        raise reading.refused(slot, "out_of_range", "1 or more")
    return version


def read_above(reading: Reading, slot: Slot) -> float:
    """Return a number above 0."""
    value = reading.number(slot)
    if value <= 0:
        raise reading.refused(slot, "out_of_range", "more than 0")
    return value


def read_titles(reading: Reading, slot: Slot) -> Mapping[str, str]:
    """Return a title in both languages."""
    here = reading.fields(slot, ("zh", "en"), required=("zh", "en"))
    read = {n: reading.tried(reading.text, s) for n, s in here.items()}
    return {n: t for n, t in read.items() if t is not None}


def read_language(reading: Reading, slot: Slot) -> Language:
    """Return zh or en."""
    language = reading.choice(slot, Language)
    if language not in (Language.ZH, Language.EN):
        raise reading.refused(slot, "not_a_choice", "zh, en")
    return language


def read_when(reading: Reading, slot: Slot) -> When:
    """Return for which interactions a sheet is."""
    here = reading.fields(slot, _WHEN)
    values: dict[str, Anything] = {
        n: reading.tried(reading.texts, s) or () for n, s in here.items()
    }
    for channel in values.get("channels", ()):
        if channel not in {c.value for c in Channel}:
            allowed = ", ".join(c.value for c in Channel)
            refusal = reading.refused(here["channels"], "not_a_choice", allowed, found=channel)
            reading.errors.append(refusal.error)
    return When(**values)
