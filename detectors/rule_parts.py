"""Reads a rule's tree: which detectors, with which parameters, combined how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial

from detectors.catalogue import DETECTORS
from detectors.parameters import About, Parameter, Unfit, parameters_of
from detectors.place import Distance, Place
from detectors.rule_nodes import COMBINED, LISTS, Leaf, Node, Not, Refers
from detectors.rule_reading import Reading, Slot

NAMES = (*LISTS, "not", *COMBINED, *DETECTORS)
"""What may stand in ``find``, in the order in which an error names it."""


def read_node(reading: Reading, slot: Slot) -> Node | None:
    """Return the tree at ``slot``; None, with every error collected, where it has any.

    Raises:
        Refused: There is not exactly one detector or combination.
    """
    known = len(reading.errors)
    here = reading.fields(slot, NAMES, unknown="unknown_detector")
    if len(here) != 1:
        if not here and len(reading.errors) > known:
            return None  # the unknown name has been told
        raise reading.refused(slot, "one_operator", ", ".join(NAMES))
    name, inner = next(iter(here.items()))
    if name == "not":
        part = reading.tried(partial(read_node, reading), inner)
        return None if part is None else Not(part)
    if name in LISTS:
        parts = _parts(reading, inner)
        return None if parts is None else LISTS[name](parts)
    return _made(reading, name, inner)


def _parts(reading: Reading, slot: Slot) -> tuple[Node, ...] | None:
    items = reading.items(slot)
    if not items:
        raise reading.refused(slot, "empty", "at least one detector or combination")
    parts = [reading.tried(partial(read_node, reading), item) for item in items]
    whole = tuple(part for part in parts if part is not None)
    return whole if len(whole) == len(parts) else None


def _made(reading: Reading, name: str, slot: Slot) -> Node | None:
    """Read a detector or a combination with parameters; None where any of them was refused."""
    kind: type = COMBINED.get(name) or DETECTORS[name]
    parameters = parameters_of(kind)
    required = [p.name for p in parameters.values() if p.is_required]
    before = len(reading.errors)
    is_bare = slot.is_empty and not required
    given = {} if is_bare else reading.fields(slot, tuple(parameters), required=required)
    values = {
        field: reading.tried(partial(_value, reading, parameters[field]), here)
        for field, here in given.items()
    }
    if len(reading.errors) > before:
        return None
    try:
        made = kind(**values)
    except Unfit as unfit:
        at = given.get(unfit.field_name, Slot(slot.node, f"{slot.path}.{unfit.field_name}"))
        raise reading.refused(at, unfit.code, unfit.allowed, found=unfit.found) from unfit
    if isinstance(made, Refers):
        reading.references.append((given["rule"], made))
    node: Node = made if name in COMBINED else Leaf(name, made)
    return node


def _value(reading: Reading, parameter: Parameter, slot: Slot) -> object:
    if parameter.about.part:
        read = read_node if parameter.about.part == "rule" else _parts
        return read(reading, slot)
    if issubclass(parameter.kind, StrEnum):
        is_any = parameter.is_optional and reading.text(slot) == "any"
        return None if is_any else reading.choice(slot, parameter.kind)
    if issubclass(parameter.kind, (Place, Distance)):
        try:
            return parameter.kind.parse(parameter.name, reading.text(slot))
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
