"""What a detector's fields say about themselves, and how a bad value is refused.

A detector's dataclass fields are its parameters in a rule file: name, type and default come from
the field, unit, range and the default's source from ``About``::

    min_s: Annotated[float, About(unit="s", low=0.5, source="…")] = 10.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a parameter beyond its type.

    Attributes:
        unit: For example ``s`` or ``dB``.
        low: Smallest value allowed; None for no limit.
        high: Largest value allowed; None for no limit.
        source: Where the default comes from.
        part: ``rule`` for a part of a rule's tree, ``rules`` for several; empty for a value.
    """

    unit: str = ""
    low: float | None = None
    high: float | None = None
    source: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a detector, or of a way to combine detectors.

    Attributes:
        kind: Its type without ``| None``; ``tuple`` for a list of texts.
        is_optional: Whether it may be None; for a choice, a rule writes that as ``any``.
    """

    name: str
    kind: type
    is_optional: bool
    default: object
    about: About

    @property
    def is_required(self) -> bool:
        """Whether a rule has to give it: it has no default."""
        return self.default is MISSING


@cache
def parameters_of(kind: type) -> Mapping[str, Parameter]:
    """Return the parameters of a detector or a combination by name, in the order of its fields."""
    hints = get_type_hints(kind, include_extras=True)
    found: dict[str, Parameter] = {}
    for one in fields(kind):
        if one.init:
            told, is_optional, about = _told(hints[one.name])
            found[one.name] = Parameter(
                name=one.name,
                kind=told,
                is_optional=is_optional,
                default=one.default,
                about=about,
            )
    return found


def _told(hint: Any) -> tuple[type, bool, About]:  # noqa: ANN401 - a type hint may be anything
    about = About()
    if get_origin(hint) is Annotated:
        hint, about = get_args(hint)
    if about.part:
        return object, False, about
    is_optional = get_origin(hint) in (Union, UnionType)
    if is_optional:
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    return get_origin(hint) or hint, is_optional, about


class Unfit(Exception):  # noqa: N818 - reads as what it is: this value is unfit
    """A parameter value that makes no sense, whatever its type.

    Args:
        field_name: The parameter.
        found: What the rule file says.
        allowed: What it may say.
        code: A key of ``detectors.rule_errors.REMEDIES``.
    """

    def __init__(self, field_name: str, *, found: str, allowed: str, code: str) -> None:
        self.field_name = field_name
        self.found = found
        self.allowed = allowed
        self.code = code
        super().__init__(f"{field_name}: found {found}; allowed: {allowed}")
