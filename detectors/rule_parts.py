"""Reads a rule's tree: which detectors, with which parameters, combined how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial

from detectors.catalogue import DETECTORS
from detectors.parameters import About, Parameter, Unfit, parameters_of
from detectors.place import Place
from detectors.rule_reading import Reading, Slot
from detectors.rule_tree import All, Any, Leaf, Node, Not

COMBINED = ("all", "any", "not")


def read_node(reading: Reading, slot: Slot) -> Node | None:
    """Return the tree at ``slot``; None, with every error collected, where it has any.

    Raises:
        Refused: There is not exactly one detector or combination.
    """
    names = (*COMBINED, *DETECTORS)
    here = reading.fields(slot, names, unknown="unknown_detector")
    known = len(reading.errors)
    if len(here) != 1:
        if not here and known and reading.errors[-1].field.startswith(slot.path):
            return None  # the unknown name has been told
        raise reading.refused(slot, "one_operator", ", ".join(names))
    name, inner = next(iter(here.items()))
    if name == "not":
        part = reading.tried(lambda s: read_node(reading, s), inner)
        return None if part is None else Not(part)
    if name in COMBINED:
        return _combined(reading, name, inner)
    return _leaf(reading, name, inner)


def _combined(reading: Reading, name: str, slot: Slot) -> Node | None:
    items = reading.items(slot)
    if not items:
        raise reading.refused(slot, "empty", "at least one detector or combination")
    parts = [reading.tried(lambda s: read_node(reading, s), item) for item in items]
    whole = tuple(part for part in parts if part is not None)
    if len(whole) < len(parts):
        return None
    return All(whole) if name == "all" else Any(whole)


def _leaf(reading: Reading, name: str, slot: Slot) -> Node | None:
    detector = DETECTORS[name]
    parameters = parameters_of(detector)
    before = len(reading.errors)
    given = {} if slot.is_empty else reading.fields(slot, tuple(parameters))
    values = {
        field: reading.tried(partial(_value, reading, parameters[field]), here)
        for field, here in given.items()
    }
    if len(reading.errors) > before:
        return None
    try:
        return Leaf(name, detector(**values))
    except Unfit as unfit:
        at = given.get(unfit.field_name, Slot(slot.node, f"{slot.path}.{unfit.field_name}"))
        raise reading.refused(at, unfit.code, unfit.allowed, found=unfit.found) from unfit


def _value(reading: Reading, parameter: Parameter, slot: Slot) -> object:
    if issubclass(parameter.kind, StrEnum):
        is_any = parameter.is_optional and reading.text(slot) == "any"
        return None if is_any else reading.choice(slot, parameter.kind)
    if parameter.kind is Place:
        try:
            return Place.parse(parameter.name, reading.text(slot))
        except Unfit as unfit:
            raise reading.refused(slot, unfit.code, unfit.allowed) from unfit
    value = _READERS[parameter.kind](reading, slot)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        _check_range(reading, slot, parameter.about, value)
    return value


def _check_range(reading: Reading, slot: Slot, about: About, value: float) -> None:
    low, high = about.low, about.high
    if (low is None or value >= low) and (high is None or value <= high):
        return
    allowed = f"{low:g} or more" if high is None else f"{low:g} to {high:g}"
    raise reading.refused(slot, "out_of_range", f"{allowed} {about.unit}".rstrip())


_READERS: Mapping[type, Callable[[Reading, Slot], object]] = {
    str: Reading.text,
    float: Reading.number,
    int: Reading.whole,
    bool: Reading.flag,
    tuple: Reading.texts,
}
