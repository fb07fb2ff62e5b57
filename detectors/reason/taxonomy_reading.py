"""Taxonomies from YAML, read whole or not at all; errors as in rules: file, line, field, remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from detectors.reason.taxonomy import ELLIPSIS, UNSORTED, Category, Dimension, Taxonomy
from detectors.rule_errors import RuleErrors
from detectors.rule_fields import read_id, read_titles, read_version
from detectors.rule_reading import Reading, Slot
from interactions.text import normal

_VERSION = "version"
_FIELDS = ("id", "title", "by_product", "general", "words", "hints", "examples")


def shipped_path() -> Path:
    """Return the shipped taxonomy's file. Users edit a copy."""
    return Path(str(files("detectors"))) / "taxonomies" / "service.yaml"


@cache
def shipped() -> Taxonomy:
    """Return the shipped taxonomy, read once."""
    return load_taxonomy(shipped_path())


def load_taxonomy(path: Path) -> Taxonomy:
    """Return the taxonomy of a file.

    Raises:
        RuleErrors: Every error of the file at once; then nothing is loaded.
    """
    reading = Reading(path.name)
    root = reading.compose(path)
    top = reading.tried(partial(_top, reading), root) if root else None
    found = {
        Dimension(name): _categories(reading, slot)
        for name, slot in (top or {}).items()
        if name != _VERSION
    }
    if top and _VERSION in top:
        reading.tried(partial(read_version, reading), top[_VERSION])
    if reading.errors:
        raise RuleErrors(reading.errors)
    return Taxonomy(found)


def _top(reading: Reading, root: Slot) -> dict[str, Slot]:
    names = (_VERSION, *(dimension.value for dimension in Dimension))
    return reading.fields(root, names, required=(_VERSION, Dimension.REASON.value))


def _categories(reading: Reading, slot: Slot) -> tuple[Category, ...]:
    seen: dict[str, int] = {}
    found = []
    for item in reading.tried(reading.items, slot) or []:
        one = reading.tried(partial(_category, reading), item)
        if one is None:
            continue
        first = seen.setdefault(one.category_id, item.line)
        if first != item.line:
            at, found_id = Slot(item.node, f"{item.path}.id"), repr(one.category_id)
            allowed = f"an id of its own; line {first} has this one"
            reading.errors.append(
                reading.refused(at, "duplicate_id", allowed, found=found_id).error
            )
        found.append(one)
    return tuple(found)


def _category(reading: Reading, slot: Slot) -> Category | None:
    before = len(reading.errors)
    given = reading.fields(slot, _FIELDS, required=("id", "title"))
    readers: Mapping[str, Callable[[Slot], Any]] = {
        "id": partial(read_id, reading),
        "title": partial(read_titles, reading),
        "by_product": reading.flag,
        "general": reading.flag,
        "words": partial(_phrases, reading),
        "hints": partial(_phrases, reading),
        "examples": partial(_phrases, reading),
    }
    values: dict[str, Any] = {
        name: reading.tried(readers[name], inner) for name, inner in given.items()
    }
    if not any(name in given for name in _FIELDS[4:]):
        missing = Slot(slot.node, f"{slot.path}.words")
        refusal = reading.refused(missing, "missing_field", "words, hints or examples", found="–")
        reading.errors.append(refusal.error)
    if values.get("id") == UNSORTED:
        refusal = reading.refused(given["id"], "not_a_choice", f"any id but {UNSORTED}")
        reading.errors.append(refusal.error)
    if len(reading.errors) > before:
        return None
    values["category_id"] = values.pop("id")
    return Category(**values)


def _phrases(reading: Reading, slot: Slot) -> tuple[str, ...]:
    texts = reading.texts(slot)
    for text in texts:
        if not all(normal(part).text.strip() for part in text.split(ELLIPSIS)):
            refusal = reading.refused(slot, "empty_phrase", "words that can be said", found=text)
            reading.errors.append(refusal.error)
    return texts
