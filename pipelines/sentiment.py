"""A centre's own sentiment: its phrases, its labels, and the model that was fitted to them.

In the centre's folder ``sentiment/``: ``phrases.yaml`` (phrase: weight, -3 to 3), the fitted models
``<version>.npz`` with a card ``<version>.json`` each, and ``in_force``, a file with the version
that counts. A version is a hash of what was learned; nothing of a version is ever changed. Fitting
alone changes no result: ``use`` does, and re-inspection brings it to everything kept.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from detectors.features import Features
from detectors.mood.discontent import out_of_the_box
from detectors.mood.fitting import LEAST, Area, Case, Gain, TooFew, area, fit_and_gain
from detectors.mood.learned import Learned, read, write
from detectors.mood.mood import Mood, shipped
from interactions.interaction import Interaction
from pipelines.settings import Settings, SettingsError, Wrong
from warehouse.read import judged_unhappy, written_interactions
from warehouse.store import open_warehouse

_COMPLAINTS = ("complaint", "regulator", "media", "legal", "still-waiting", "churn")
FOLDER = "sentiment"
PHRASES = "phrases.yaml"
IN_FORCE = "in_force"
HEAVIEST = 3
UNHAPPY = frozenset(
    {
        *(f"{language}-{name}" for language in ("zh", "en") for name in _COMPLAINTS),
        *("customer-raises-voice", "customer-stays-negative", "customer-mood-drops"),
    }
)
"""Shipped rules that find dissatisfied customers."""
_YES = frozenset({"1", "yes", "true", "是", "不满", "dissatisfied"})
_NO = frozenset({"0", "no", "false", "否", "满意", "satisfied"})


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says of an interaction, or of one utterance of its customer.

    Attributes:
        seq: Which utterance; None for the whole interaction.
    """

    interaction_id: str
    seq: int | None
    is_dissatisfied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted model.

    Attributes:
        gain: On held-out folds.
        unknown: Labels of interactions or utterances that are not kept.
        is_better: Whether the gain is one: the fitted area is the larger.
    """

    version: str
    gain: Gain
    unknown: int

    @property
    def is_better(self) -> bool:
        """Whether the held-out area is larger than out of the box."""
        return self.gain.after.value > self.gain.before.value


class LabelError(ValueError):
    """A file of labels that cannot be read.

    Args:
        line: Which line, from 1; 0 for the file as a whole.
        found: What stands there.
    """

    def __init__(self, path: Path, line: int, found: str) -> None:
        self.path, self.line, self.found = path, line, found
        super().__init__(f"{path}:{line}: {found}")


def mood_of(settings: Settings) -> Mood:
    """Return what mood is read with in this centre.

    Raises:
        SettingsError: Its phrases or its model in force cannot be read.
    """
    folder = settings.folder / FOLDER
    if not folder.is_dir():
        return shipped()
    phrases = folder / PHRASES
    stamp = phrases.stat().st_mtime_ns if phrases.is_file() else 0
    return _mood(folder, stamp, version_in_force(settings))


@lru_cache(maxsize=2)
def _mood(folder: Path, stamp: int, version: str) -> Mood:
    own = _phrases(folder / PHRASES) if stamp else {}
    if not version:
        return Mood(own)
    path = folder / f"{version}.npz"
    try:
        return Mood(own, read(path))
    except (OSError, ValueError) as error:
        raise _unusable(path, str(error)) from None


def _phrases(path: Path) -> Mapping[str, int]:
    try:
        found = yaml.safe_load(path.read_text("utf-8-sig")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _unusable(path, str(error)) from None
    items = found.items() if isinstance(found, dict) else [("", found)]
    for phrase, weight in items:
        is_weight = isinstance(weight, int) and abs(weight) <= HEAVIEST
        if not isinstance(phrase, str) or not phrase or not is_weight:
            raise _unusable(path, f"{phrase!r}: {weight!r}")
    return dict(items)


def _unusable(path: Path, found: str) -> SettingsError:
    message = (
        f"{path}: cannot be used ({found}); write `phrase: weight` with weights from -3 to 3, and "
        "fit models with `tingjian sentiment fit`"
    )
    return SettingsError(message, path, Wrong("sentiment", FOLDER, found))


def version_in_force(settings: Settings) -> str:
    """Return the version of the fitted model that counts; empty for none."""
    path = settings.folder / FOLDER / IN_FORCE
    return path.read_text("utf-8").strip() if path.is_file() else ""


def labels_from(path: Path) -> list[Label]:
    """Read labels: CSV with columns ``interaction``, ``dissatisfied`` and optional ``utterance``.

    Raises:
        LabelError: A column is missing, or a value is none of yes/no, 1/0, 是/否, 满意/不满.
        OSError: The file cannot be opened.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        for name in ("interaction", "dissatisfied"):
            if name not in (rows.fieldnames or ()):
                raise LabelError(path, 1, name)
        return [_label(path, number, row) for number, row in enumerate(rows, start=2)]


def _label(path: Path, number: int, row: Mapping[str, str | None]) -> Label:
    told = (row["dissatisfied"] or "").strip().lower()
    seq = (row.get("utterance") or "").strip()
    if told not in _YES | _NO:
        raise LabelError(path, number, told)
    if seq and not seq.isdecimal():
        raise LabelError(path, number, seq)
    return Label((row["interaction"] or "").strip(), int(seq) if seq else None, told in _YES)


def labels_from_verdicts(settings: Settings) -> list[Label]:
    """Return what verdicts and whole reviews say of customers.

    Rules of ``UNHAPPY`` find dissatisfied ones: who was confirmed there is, whom a person heard
    whole, or cleared of it, is not.
    """
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        told = judged_unhappy(warehouse, UNHAPPY)
    return [Label(one, None, is_dissatisfied) for one, is_dissatisfied in told.items()]


def measured(settings: Settings, labels: Iterable[Label]) -> tuple[Area, Area, int]:
    """Return how well labels are told before and after the centre's phrases, and of how many.

    Raises:
        detectors.mood.fitting.TooFew: Too few labels of a kind.
    """
    wanted = list(labels)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        kept = written_interactions(warehouse, sorted({one.interaction_id for one in wanted}))
    before = list(_cases(kept, wanted, shipped()))
    after = list(_cases(kept, wanted, Mood(mood_of(settings).own)))
    truth = [one.is_dissatisfied for one in before]
    if min(sum(truth), len(truth) - sum(truth)) < LEAST:
        raise TooFew(len(truth) - sum(truth), sum(truth))
    areas = (area([one.base for one in cases], truth) for cases in (before, after))
    return next(areas), next(areas), len(truth)


def fit_to(settings: Settings, labels: Iterable[Label]) -> Fitted:
    """Fit a model to labels, judge it on held-out folds, and write it; nothing is put in force.

    Raises:
        detectors.mood.fitting.TooFew: Too few labels of a kind.
    """
    wanted = list(labels)
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        kept = written_interactions(warehouse, sorted({one.interaction_id for one in wanted}))
    own = Mood(mood_of(settings).own)
    cases = list(_cases(kept, wanted, own))
    learned, gain = fit_and_gain(cases)
    fitted = Fitted(version=learned.version, gain=gain, unknown=len(wanted) - len(cases))
    _keep(settings, learned, fitted)
    return fitted


def _cases(kept: Iterable[Interaction], labels: Iterable[Label], own: Mood) -> Iterator[Case]:
    told: dict[str, list[Label]] = {}
    for label in labels:
        told.setdefault(label.interaction_id, []).append(label)
    for one in kept:
        features = Features(one, mood=own)
        for label in told[one.interaction_id]:
            found = [
                part
                for part in features.discontents
                if label.seq in (None, features.utterances[part.index].seq)
            ]
            if found:
                yield Case(
                    texts=tuple(features.normal.texts[part.index] for part in found),
                    signs=tuple(part.signs for part in found),
                    base=found[0].value if label.seq is not None else out_of_the_box(found),
                    is_dissatisfied=label.is_dissatisfied,
                    group=one.interaction_id,
                )


def _keep(settings: Settings, learned: Learned, fitted: Fitted) -> None:
    folder = settings.folder / FOLDER
    folder.mkdir(exist_ok=True)
    write(learned, folder / f"{fitted.version}.npz")
    gain = {
        name: value
        for name, value in asdict(fitted.gain).items()
        if name not in ("scores", "risks")
    }
    coefficients = {"slope": learned.slope, "intercept": learned.intercept, "bias": learned.bias}
    card = {"version": fitted.version, **gain, "coefficients": coefficients}
    text = json.dumps(card, indent=1) + "\n"
    (folder / f"{fitted.version}.json").write_text(text, encoding="utf-8", newline="\n")


def versions(settings: Settings) -> list[str]:
    """Return the versions that were fitted, in order."""
    folder = settings.folder / FOLDER
    return sorted(path.stem for path in folder.glob("*.npz")) if folder.is_dir() else []


def put_in_force(settings: Settings, version: str) -> None:
    """Let a fitted version count from now on; the empty one: what is shipped.

    Raises:
        KeyError: There is no such version.
    """
    if version and version not in versions(settings):
        raise KeyError(version)
    folder = settings.folder / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / IN_FORCE).write_text(version + "\n", encoding="utf-8", newline="\n")
