"""Score sheets from YAML, read whole or not at all; errors as in rules: file, line, field."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any as Anything

from detectors.measures import UNITS
from detectors.rule_errors import RuleErrors
from detectors.rule_fields import read_id, read_language, read_titles, read_version
from detectors.rule_reading import Reading, Slot
from detectors.scorecard import WHOLE, Band, Given, Item, Means, OnlyIf, Section, Sheet, Source
from detectors.sheet_fields import read_above, read_when
from interactions.sound import Party

_SHEET = ("id", "version", "title", "sections", "language", "when", "bands")
_SECTION = ("id", "title", "items", "weight")
_SOURCES = ("rule", "measure", "person")
_ITEM = (
    *("id", "title", "points", *_SOURCES, "means", "each", "cap", "party"),
    *("at_least", "at_most", "zero_at", "adds", "critical", "fatal", "only_if"),
)
# What only one kind of source can have.
_OF_RULE = frozenset({"means", "each", "cap"})
_OF_MEASURE = frozenset({"party", "at_least", "at_most", "zero_at"})


class _Yes(StrEnum):
    YES = "yes"


@dataclass(frozen=True, slots=True)
class SheetBook:
    """All sheets of all files, in the order of the files."""

    sheets: tuple[Sheet, ...]

    def __len__(self) -> int:
        return len(self.sheets)


def sheet_paths() -> Mapping[str, Path]:
    """Return the shipped sheets: name → file. Users edit copies."""
    folder = Path(str(files("detectors"))) / "sheets"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_sheets(paths: Sequence[Path]) -> SheetBook:
    """Return every sheet of ``paths``.

    Raises:
        RuleErrors: All errors of all files at once; then nothing is loaded.
    """
    readings = [Reading(path.name) for path in paths]
    sheets: list[Sheet] = []
    places: dict[str, str] = {}
    for reading, path in zip(readings, paths, strict=True):
        root = reading.compose(path)
        if root is None:
            continue
        top = reading.tried(partial(_top, reading), root) or {}
        for slot in _items(reading, top.get("sheets")):
            sheet = reading.tried(partial(_sheet, reading), slot)
            if sheet is not None:
                _unique(reading, slot, sheet.sheet_id, places)
                sheets.append(sheet)
    errors = [error for reading in readings for error in reading.errors]
    if errors:
        raise RuleErrors(errors)
    return SheetBook(tuple(sheets))


def _top(reading: Reading, root: Slot) -> dict[str, Slot]:
    return reading.fields(root, ("sheets",), required=("sheets",))


def _items(reading: Reading, slot: Slot | None) -> list[Slot]:
    if slot is None:
        return []
    found = reading.tried(reading.items, slot) or []
    if not found and not reading.errors:
        reading.errors.append(reading.refused(slot, "empty", "at least one").error)
    return found


def _unique(reading: Reading, slot: Slot, name: str, places: dict[str, str]) -> None:
    """Collect an error where another sheet, section or item has this id."""
    here = f"{reading.file}:{slot.line}"
    first = places.setdefault(name, here)
    if first != here:
        at = Slot(slot.node, f"{slot.path}.id")
        allowed = f"an id of its own; {first} has this one"
        reading.errors.append(reading.refused(at, "duplicate_id", allowed, found=repr(name)).error)


def _sheet(reading: Reading, slot: Slot) -> Sheet | None:
    before = len(reading.errors)
    given = reading.fields(slot, _SHEET, required=_SHEET[:4])
    readers: Mapping[str, Callable[[Slot], Anything]] = {
        "id": partial(read_id, reading),
        "version": partial(read_version, reading),
        "title": partial(read_titles, reading),
        "language": partial(read_language, reading),
        "when": partial(read_when, reading),
        "bands": partial(_bands, reading),
    }
    values: dict[str, Anything] = {
        n: reading.tried(readers[n], s) for n, s in given.items() if n in readers
    }
    seen: dict[str, str] = {}
    places: dict[str, str] = {}
    sections = [
        reading.tried(partial(_section, reading, seen, places), one)
        for one in _items(reading, given.get("sections"))
    ]
    if len(reading.errors) > before:
        return None
    values["sheet_id"] = values.pop("id")
    return Sheet(**values, sections=tuple(s for s in sections if s), source=reading.file)


def _section(
    reading: Reading, seen: dict[str, str], places: dict[str, str], slot: Slot
) -> Section | None:
    """Return a section; ``seen`` collects the ids of items, which must be unique in the sheet."""
    before = len(reading.errors)
    given = reading.fields(slot, _SECTION, required=_SECTION[:3])
    section_id = reading.tried(partial(read_id, reading), given["id"]) if "id" in given else None
    title = reading.tried(partial(read_titles, reading), given["title"]) if "title" in given else {}
    weight = (
        reading.tried(partial(read_above, reading), given["weight"]) if "weight" in given else None
    )
    items: list[Item] = []
    for one in _items(reading, given.get("items")):
        item = reading.tried(partial(_item, reading, seen), one)
        if item is not None:
            _unique(reading, one, item.item_id, seen)
            items.append(item)
    if section_id:
        _unique(reading, slot, section_id, places)
    if len(reading.errors) > before:
        return None
    return Section(
        section_id=section_id or "", title=title or {}, items=tuple(items), weight=weight
    )


def _item(reading: Reading, seen: Collection[str], slot: Slot) -> Item | None:
    before = len(reading.errors)
    given = reading.fields(slot, _ITEM, required=_ITEM[:3])
    sources = [name for name in _SOURCES if name in given]
    if len(sources) != 1:
        allowed = f"exactly one of {', '.join(_SOURCES)}"
        found = ", ".join(sources) or "none of them"
        raise reading.refused(slot, "wrong_type", allowed, found=found)
    source = Source(sources[0])
    _check_fields(reading, source, given)
    readers = _item_readers(reading, seen)
    values: dict[str, Anything] = {
        n: reading.tried(readers[n], s) for n, s in given.items() if n in readers
    }
    values["source_id"] = reading.tried(partial(_asked, reading, source), given[source.value])
    if len(reading.errors) > before:
        return None
    item = Item(**{"item_id" if n == "id" else n: v for n, v in values.items()}, source=source)
    _check_item(reading, slot, given, item)
    return None if len(reading.errors) > before else item


def _item_readers(
    reading: Reading, seen: Collection[str]
) -> Mapping[str, Callable[[Slot], Anything]]:
    above = partial(read_above, reading)
    return {
        "id": partial(read_id, reading),
        "title": partial(read_titles, reading),
        "points": above,
        "means": lambda slot: reading.choice(slot, Means),
        "each": above,
        "cap": above,
        "party": lambda slot: reading.choice(slot, Party),
        "at_least": reading.number,
        "at_most": reading.number,
        "zero_at": reading.number,
        "adds": reading.flag,
        "critical": reading.flag,
        "fatal": reading.flag,
        "only_if": partial(_only_if, reading, seen),
    }


def _asked(reading: Reading, source: Source, slot: Slot) -> str:
    """Return the rule or the measure that is asked; nothing for a person (``person: yes``)."""
    if source is Source.RULE:
        return read_id(reading, slot)
    if source is Source.MEASURE:
        name = reading.text(slot)
        if name not in UNITS:
            raise reading.refused(slot, "not_a_choice", ", ".join(UNITS))
        return name
    reading.choice(slot, _Yes)
    return ""


def _check_fields(reading: Reading, source: Source, given: Mapping[str, Slot]) -> None:
    """Collect fields that this kind of source cannot have."""
    not_his = {Source.RULE: _OF_MEASURE, Source.MEASURE: _OF_RULE}.get(
        source, _OF_RULE | _OF_MEASURE
    )
    for name in sorted(not_his & given.keys()):
        kind = "rule" if name in _OF_RULE else "measure"
        refusal = reading.refused(given[name], "unknown_field", f"{name} only beside {kind}")
        reading.errors.append(refusal.error)


def _check_item(reading: Reading, slot: Slot, given: Mapping[str, Slot], item: Item) -> None:
    def refuse(name: str, code: str, allowed: str) -> None:
        at = given.get(name, Slot(slot.node, f"{slot.path}.{name}"))
        reading.errors.append(reading.refused(at, code, allowed).error)

    if item.cap is not None and (item.each is None or item.cap > item.points):
        refuse("cap", "out_of_range", f"up to {item.points:g} (points), with each")
    if item.fatal and item.adds:
        refuse("fatal", "not_a_choice", "false where the points only add")
    if item.source is not Source.MEASURE:
        return
    limits = [limit for limit in (item.at_least, item.at_most) if limit is not None]
    if not limits:
        refuse("at_most", "missing_field", "at_least, at_most or both")
    elif item.zero_at is not None and not _is_beyond(item):
        refuse("zero_at", "out_of_range", "beyond the one limit that is given")


def _is_beyond(item: Item) -> bool:
    """Whether ``zero_at`` lies on the bad side of the item's only limit."""
    if item.zero_at is None or (item.at_least is None) is (item.at_most is None):
        return False
    if item.at_least is not None:
        return item.zero_at < item.at_least
    return item.at_most is not None and item.zero_at > item.at_most


def _only_if(reading: Reading, seen: Collection[str], slot: Slot) -> OnlyIf:
    given = reading.fields(slot, ("item", "answer", "rule"))
    if ("item" in given) is ("rule" in given):
        raise reading.refused(slot, "wrong_type", "either item with answer, or rule")
    if "rule" in given:
        return OnlyIf(rule=read_id(reading, given["rule"]))
    item = read_id(reading, given["item"])
    if item not in seen:
        raise reading.refused(given["item"], "not_a_choice", ", ".join(seen) or "an earlier item")
    if "answer" not in given:
        raise reading.refused(slot, "missing_field", "answer", found="nothing")
    allowed = [one.value for one in Given if one is not Given.NA]
    answers = reading.texts(given["answer"])
    for one in answers:
        if one not in allowed:
            raise reading.refused(given["answer"], "not_a_choice", ", ".join(allowed), found=one)
    return OnlyIf(item=item, answers=tuple(Given(one) for one in answers))


def _bands(reading: Reading, slot: Slot) -> tuple[Band, ...]:
    bands = [reading.tried(partial(_band, reading), one) for one in reading.items(slot)]
    return tuple(sorted((b for b in bands if b), key=lambda b: -b.at_least))


def _band(reading: Reading, slot: Slot) -> Band:
    here = reading.fields(slot, ("at_least", "title"), required=("at_least", "title"))
    if len(here) < len(fields(Band)):
        raise reading.refused(slot, "missing_field", "at_least and title")
    at_least = reading.number(here["at_least"])
    if not 0 <= at_least <= WHOLE:
        raise reading.refused(here["at_least"], "out_of_range", f"0 to {WHOLE:g}")
    return Band(at_least=at_least, title=read_titles(reading, here["title"]))
