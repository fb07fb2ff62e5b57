"""The JSON Schema of rule files, made from what the code reads, for editors.

Nothing is written down twice: fields, detectors, combinations, types, ranges, choices and defaults
come from the declarations that the reader itself goes by.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any

from detectors.catalogue import DETECTORS
from detectors.evidence import Severity
from detectors.examples import LINE_FIELDS, MAPPING_FIELDS, SOUND
from detectors.parameters import Parameter, parameters_of
from detectors.place import DISTANCE, PLACE, Distance, Place
from detectors.rule_fields import ID
from detectors.rule_nodes import COMBINED, LISTS
from detectors.rules import FIELDS, REQUIRED, Cause, Findings, When
from interactions.interaction import Channel, Language

Schema = dict[str, Any]

# Words are taken as written, so 12315 and No are words whatever YAML thinks of them.
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_FLAG: Schema = {"type": "boolean"}
_NAMED = r"\(\?P<[a-z_]+>"  # Python's named groups, which editors do not know
_NODE: Schema = {"$ref": "#/$defs/find"}
_NODES: Schema = {"type": "array", "items": _NODE, "minItems": 1}
_EXAMPLE: Schema = {"$ref": "#/$defs/example"}
_LINE: Schema = {"$ref": "#/$defs/line"}


def rule_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a rule file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tingjian rule file",
        "type": "object",
        "required": ["rules"],
        "additionalProperties": False,
        "properties": {"rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}},
        "$defs": {
            "rule": _object(_rule_fields(), required=REQUIRED, kind=None),
            "find": _find(),
            "example": _example(),
            "line": _line(),
            **{name: _parameters(kind) for name, kind in _KINDS.items()},
        },
    }


_KINDS: Mapping[str, type] = {**COMBINED, **DETECTORS}


def _rule_fields() -> dict[str, Schema]:
    languages = _object({"zh": _TEXT, "en": _TEXT}, required=("zh", "en"), kind=None)
    known: dict[str, Schema] = {
        "id": {"type": "string", "pattern": f"^(?:{ID.pattern})$"},
        "version": {"type": "integer", "minimum": 1},
        "title": languages,
        "severity": _choice(Severity),
        "find": _NODE,
        "reason": languages,
        "language": {"enum": [Language.ZH.value, Language.EN.value]},
        "when": _when(),
        "coaching_topic": _TEXT,
        "cause": _choice(Cause),
        "findings": _choice(Findings) | {"default": Findings.ONE.value},
        "enabled": _FLAG | {"default": True},
        "examples": _object(
            {n: {"type": "array", "items": _EXAMPLE} for n in ("hit", "miss")}, kind=None
        ),
    }
    return {name: known.get(name, {}) for name in FIELDS}


def _choice(kind: type[StrEnum]) -> Schema:
    return {"enum": [one.value for one in kind]}


def _when() -> Schema:
    channels = _choice(Channel)
    known: dict[str, Schema] = {
        "channels": {"anyOf": [channels, {"type": "array", "items": channels}]},
        "attributes": {"type": "object", "additionalProperties": _TEXTS},
    }
    return _object({one.name: known.get(one.name, _TEXTS) for one in fields(When)}, kind=When)


def _find() -> Schema:
    named: dict[str, Schema] = dict.fromkeys(LISTS, _NODES) | {"not": _NODE}
    named |= {name: {"$ref": f"#/$defs/{name}"} for name in _KINDS}
    return _object(named, kind=None) | {"minProperties": 1, "maxProperties": 1}


def _object(
    properties: Mapping[str, Schema], *, required: tuple[str, ...] = (), kind: type | None
) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    if required:
        schema["required"] = list(required)
    if kind is not None:
        schema["description"] = _told(kind)
    return schema


def _told(kind: type) -> str:
    """Return the first paragraph of a class's description, on one line."""
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())


def _parameters(kind: type) -> Schema:
    parameters = parameters_of(kind)
    required = tuple(p.name for p in parameters.values() if p.is_required)
    schema = _object(
        {name: _parameter(one) for name, one in parameters.items()}, required=required, kind=kind
    )
    if not required:
        schema["type"] = ["object", "null"]
    return schema


def _parameter(parameter: Parameter) -> Schema:
    about = parameter.about
    if about.part:
        return _NODE if about.part == "rule" else _NODES
    schema = _value(parameter)
    if about.low is not None:
        schema["minimum"] = about.low
    if about.high is not None:
        schema["maximum"] = about.high
    notes = (("unit", about.unit), ("source of the default", about.source))
    told = "; ".join(f"{name}: {text}" for name, text in notes if text)
    if told:
        schema["description"] = told
    default = _default(parameter)
    return schema if default is None else schema | {"default": default}


def _value(parameter: Parameter) -> Schema:
    kind = parameter.kind
    if issubclass(kind, StrEnum):
        choices = [one.value for one in kind]
        return {"enum": [*choices, "any"] if parameter.is_optional else choices}
    return dict(_VALUES[kind])


_VALUES: Mapping[type, Schema] = {
    str: _TEXT,
    tuple: _TEXTS,
    bool: _FLAG,
    float: {"type": "number"},
    int: {"type": "integer"},
    Place: {"type": "string", "pattern": f"^(?:{re.sub(_NAMED, '(', PLACE)})$"},
    Distance: {"type": "string", "pattern": f"^(?:{re.sub(_NAMED, '(', DISTANCE)})$"},
}


def _default(parameter: Parameter) -> object:
    default = parameter.default
    if default is MISSING:
        return None
    if default is None:
        return "any" if issubclass(parameter.kind, StrEnum) else None
    if isinstance(default, tuple):
        return list(default)
    return default.value if isinstance(default, StrEnum) else default


def _example() -> Schema:
    stretches = {
        name: {
            "type": "array",
            "items": {
                "type": "array",
                "items": {"type": "number"},
                "minItems": len(form),
                "maxItems": len(form),
            },
        }
        for name, form in SOUND.items()
    }
    parties = [name for name in LINE_FIELDS if name != "at"]
    known: dict[str, Schema] = {
        "says": {"type": "array", "items": _LINE},
        "channel": _choice(Channel),
        "seconds": {"type": "number", "minimum": 0},
        "about": {"type": "object", "additionalProperties": _TEXT},
    }
    known |= {
        name: _object(dict.fromkeys(parties, one), kind=None) for name, one in stretches.items()
    }
    mapping = _object({name: known.get(name, {}) for name in MAPPING_FIELDS}, kind=None)
    return {"anyOf": [_LINE, {"type": "array", "items": _LINE}, mapping]}


def _line() -> Schema:
    known = {name: {"type": "number"} if name == "at" else _TEXT for name in LINE_FIELDS}
    least, most = 1, 2
    return _object(known, kind=None) | {"minProperties": least, "maxProperties": most}
