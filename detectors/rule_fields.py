"""The plain fields that rules and score sheets share: ids, versions, titles, for what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import yaml

from detectors.rule_reading import Reading, Slot
from interactions.interaction import Channel, Language

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ATTRIBUTES = "attributes"


def read_id(reading: Reading, slot: Slot) -> str:
    """Return an id; raises Refused where it has other characters."""
    text = reading.text(slot)
    if not ID.fullmatch(text):
        raise reading.refused(slot, "bad_id", "for example greeting-missing")
    return text


def read_version(reading: Reading, slot: Slot) -> int:
    """Return the author's number."""
    version = reading.whole(slot)
    if version < 1:
        raise reading.refused(slot, "out_of_range", "1 or more")
    return version


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


def read_conditions(reading: Reading, slot: Slot, names: Sequence[str]) -> dict[str, Any]:
    """Return for which interactions something is: the fields of a ``When`` that are given.

    Args:
        reading: The file.
        slot: Where it stands.
        names: The fields that are allowed.
    """
    here = reading.fields(slot, names)
    values: dict[str, Any] = {}
    for name, inner in here.items():
        if name == ATTRIBUTES:
            values[name] = reading.tried(partial(_read_attributes, reading), inner) or {}
        else:
            values[name] = reading.tried(reading.texts, inner) or ()
    for channel in values.get("channels", ()):
        if channel not in {c.value for c in Channel}:
            allowed = ", ".join(c.value for c in Channel)
            refusal = reading.refused(here["channels"], "not_a_choice", allowed, found=channel)
            reading.errors.append(refusal.error)
    return values


def _read_attributes(reading: Reading, slot: Slot) -> Mapping[str, tuple[str, ...]]:
    is_mapping = isinstance(slot.node, yaml.MappingNode)
    names = [str(key.value) for key, _ in slot.node.value] if is_mapping else ["attribute names"]
    here = reading.fields(slot, names)
    return {n: reading.tried(reading.texts, s) or () for n, s in here.items()}
