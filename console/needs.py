"""What the centre's own settings ask for, and whether it is here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from asr.costs import is_sound
from asr.weights import CHECKPOINTS, present, published, whisper_cache
from console.failures import settings_lines
from console.machine import Check, State
from console.messages.texts import Texts
from detectors.rule_errors import RuleErrors
from detectors.rules import load_rules
from interactions.problems import explain
from pipelines.encryption import is_encrypted
from pipelines.inspection import rule_files
from pipelines.settings import FILE_NAME, Settings, SettingsError, load
from pipelines.terms import OFF, where_weights_lie
from warehouse.cipher import check_ready
from warehouse.problems import WarehouseProblem
from warehouse.store import open_warehouse


def of_centre(centre: Path, texts: Texts) -> Iterator[Check]:
    """Look at the centre's settings and what they ask for.

    Args:
        centre: The centre's folder.
        texts: The texts, for lists that may be empty.
    """
    nothing = texts("doctor.says.nothing")
    try:
        settings = load(centre)
    except SettingsError as error:
        reason = settings_lines(error, texts)[0]
        there = (centre / FILE_NAME).exists()
        remedy = "settings_wrong" if there else "settings"
        yield Check("settings", State.MISSING, "settings_wrong", {"reason": reason}, remedy)
        return
    yield Check("settings", State.OK, "settings", {"path": str(centre / FILE_NAME)})
    yield _inbox(settings)
    yield _rules(settings, texts, nothing)
    yield _weights(settings, nothing)
    yield _warehouse(settings, texts)


def _inbox(settings: Settings) -> Check:
    inbox = settings.inbox
    if not inbox.is_dir():
        return Check("inbox", State.MISSING, "inbox_missing", {"path": str(inbox)}, "inbox")
    count = sum(len(files) for _, _, files in os.walk(inbox))
    return Check("inbox", State.OK, "inbox", {"path": str(inbox), "count": count})


def _rules(settings: Settings, texts: Texts, nothing: str) -> Check:
    try:
        book = load_rules(rule_files(settings))
    except RuleErrors as errors:
        first = errors.errors[0].text(texts.language)
        values: dict[str, str | int] = {"count": len(errors.errors), "first": first}
        return Check("rules", State.MISSING, "rules_wrong", values, "rules")
    except SettingsError as error:
        return Check(
            "rules",
            State.MISSING,
            "settings_wrong",
            {"reason": settings_lines(error, texts)[0]},
            "settings_wrong",
        )
    if not book.enabled:
        folder = {"folder": str(settings.rule_folder)}
        return Check("rules", State.ADVICE, "rules_none", folder, "rules_none")
    packs = ", ".join(settings.rules.packs) or nothing
    return Check("rules", State.OK, "rules", {"count": len(book.enabled), "packs": packs})


def _weights(settings: Settings, nothing: str) -> Check:
    name, nearby = settings.speech.weights, settings.weights_folder
    names = ", ".join(dict.fromkeys(one.name for one in present(nearby))) or nothing
    if name == OFF:
        return Check("weights", State.ADVICE, "weights_none", {"names": names}, "weights_none")
    path = where_weights_lie(settings)
    if path is None:
        known = published(name)
        places = [CHECKPOINTS, *([nearby] if nearby is not None else []), whisper_cache()]
        values: dict[str, str | int] = {
            "name": name,
            "file": name if known is None else known.file,
            "places": ", ".join(str(place) for place in places),
            "names": names,
        }
        return Check("weights", State.MISSING, "weights_missing", values, "weights_missing")
    values = {"name": name, "path": str(path)}
    if not is_sound(path):
        return Check("weights", State.MISSING, "weights_damaged", values, "weights_damaged")
    if settings.speech.engine == "faster-whisper" and find_spec("faster_whisper") is None:
        return Check("weights", State.MISSING, "engine_missing", {}, "engine_missing")
    return Check("weights", State.OK, "weights", values)


def _warehouse(settings: Settings, texts: Texts) -> Check:
    path = settings.warehouse
    if not path.exists():
        return Check("warehouse", State.OK, "warehouse_new", {"path": str(path)})
    try:
        if is_encrypted(settings):
            check_ready(path)
        with open_warehouse(path, read_only=True):
            pass
    except WarehouseProblem as problem:
        reason = explain(problem.code, problem.values, texts.language)
        return Check("warehouse", State.MISSING, "warehouse_busy", {"reason": reason})
    return Check("warehouse", State.OK, "warehouse_free", {"path": str(path)})
