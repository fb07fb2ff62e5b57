"""Scoring: the centre's score sheets filled for everything that the rules in force inspected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from detectors.evidence import Inspection
from detectors.features import Features
from detectors.inspection import ENGINE, Plan
from detectors.scorecard import Score, Sheet, rules_of
from detectors.sheet_reading import SheetBook, load_sheets, sheet_paths
from detectors.sheet_scoring import Answer, Seen, by_rule, fill, why_not, with_answers
from interactions.interaction import Interaction
from pipelines.inspection import plan_of
from pipelines.keeping import keep_state
from pipelines.known_error import hints
from pipelines.progress import current
from pipelines.settings import FILE_NAME, Settings, SettingsError, Wrong
from warehouse.judged import SheetAnswer
from warehouse.read import inspections_of, unscored, written_interactions
from warehouse.rows import score_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

# As inspection's parts: large enough that a part's own cost vanishes, small enough that a killed
# one costs seconds.
PART = 500


def sheet_files(settings: Settings) -> tuple[Path, ...]:
    """Return the files of the shipped sheets in use, then the centre's own by name.

    Raises:
        SettingsError: A sheet that is not shipped.
    """
    shipped = sheet_paths()
    for name in settings.scores.sheets:
        if name not in shipped:
            known = ", ".join(sorted(shipped))
            path = settings.folder / FILE_NAME
            message = f"{path}: scores.sheets: there is no sheet {name!r}; there are {known}"
            wrong = Wrong("no_sheet", "scores.sheets", repr(name), known)
            raise SettingsError(message, path, wrong)
    own = sorted(settings.sheet_folder.glob("*.y*ml"))
    return (*(shipped[name] for name in settings.scores.sheets), *own)


def sheets_of(settings: Settings) -> SheetBook:
    """Return the centre's sheets.

    Raises:
        SettingsError: A sheet that is not shipped.
        detectors.rule_errors.RuleErrors: A file that cannot be used; nothing is half-loaded.
    """
    files = sheet_files(settings)
    return _sheets(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _sheets(files: tuple[tuple[Path, int], ...]) -> SheetBook:
    return load_sheets([file for file, _ in files])


@dataclass(frozen=True, slots=True)
class _Scoring:
    """What every score of a run follows from.

    Attributes:
        versions: ``sheet_version`` of each sheet, in order.
        demoted: Stands in a score's basis for the demoted rules that the sheets ask.
    """

    sheets: tuple[Sheet, ...]
    versions: tuple[str, ...]
    plan: Plan
    hints: frozenset[str]
    demoted: str

    @property
    def names(self) -> list[str]:
        """``<sheet_id>@<sheet_version>`` of each sheet."""
        pairs = zip(self.sheets, self.versions, strict=True)
        return [f"{sheet.sheet_id}@{version}" for sheet, version in pairs]


def score_kept(settings: Settings) -> list[ShardRef]:
    """Fill the sheets of everything that the rules in force inspected and no sheet has seen yet."""
    spool = Spool(settings.spool)
    shards: list[ShardRef] = []
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        scoring = _scoring(settings, warehouse)
        ids = _unscored(warehouse, scoring)
        current().stage("score", len(ids))
        for start in range(0, len(ids), PART):
            shards.append(_part(warehouse, spool, scoring, ids[start : start + PART]))
            current().advance(len(ids[start : start + PART]))
    return shards


def _scoring(settings: Settings, warehouse: Warehouse) -> _Scoring:
    sheets = sheets_of(settings).sheets
    demoted = frozenset(hints(warehouse, settings)) & frozenset(rules_of(sheets))
    digest = sha256("\x1f".join(sorted(demoted)).encode()).hexdigest()[:8]
    return _Scoring(
        sheets=sheets,
        versions=tuple(sheet.sheet_version for sheet in sheets),
        plan=plan_of(settings),
        hints=demoted,
        demoted=f"/{digest}" if demoted else "",
    )


def _unscored(warehouse: Warehouse, scoring: _Scoring) -> list[str]:
    if not scoring.sheets:
        return []
    return unscored(
        warehouse,
        scoring.plan.key,
        engine=ENGINE,
        hints=scoring.demoted,
        versions=scoring.names,
    )


def _part(warehouse: Warehouse, spool: Spool, scoring: _Scoring, ids: Sequence[str]) -> ShardRef:
    basis = f"{scoring.plan.key}/{ENGINE}{scoring.demoted}"
    inspections = inspections_of(warehouse, ids, plan=scoring.plan.key, engine=ENGINE)
    interactions = written_interactions(warehouse, ids)
    scores = [
        score
        for interaction in interactions
        for score in _scored(scoring, interaction, inspections[interaction.interaction_id])
    ]
    bases = dict.fromkeys(ids, basis)
    # A state: a rule that is demoted and then no longer is brings an earlier score back.
    return keep_state(spool, "scores", score_tables(scores, sheets=scoring.sheets, bases=bases))


def _scored(scoring: _Scoring, interaction: Interaction, inspection: Inspection) -> list[Score]:
    """Return one score a sheet; a sheet that is not for this interaction has no lines."""
    language = Features(interaction).language
    rules = scoring.plan.rules
    seen = Seen(
        versions={r.rule_id: v for r, v in zip(rules, scoring.plan.versions, strict=True)},
        applying=frozenset(r.rule_id for r in rules if r.applies(interaction, language)),
        hints=scoring.hints,
        findings=by_rule(inspection.findings),
        not_measured=why_not(inspection.not_measured),
        measures={(m.name, m.party): m for m in inspection.measures},
        engine=inspection.engine,
    )
    return [
        fill(sheet, interaction.interaction_id, seen, version=version)
        if sheet.applies(interaction, language)
        else _empty(sheet, interaction.interaction_id, version)
        for sheet, version in zip(scoring.sheets, scoring.versions, strict=True)
    ]


def _empty(sheet: Sheet, interaction_id: str, version: str) -> Score:
    return Score(
        interaction_id=interaction_id,
        sheet_id=sheet.sheet_id,
        sheet_version=version,
        score=None,
        critical_score=None,
        is_fatal=False,
        lines=(),
    )


def both(sheets: Mapping[str, Sheet], score: Score, answers: Iterable[SheetAnswer]) -> Score | None:
    """Return the score with people's answers in it; None where nobody answered.

    Args:
        sheets: By ``<sheet_id>@<sheet_version>``: a score by another version than the one in use
            stands as the machine filled it.
        score: By machine.
        answers: On this interaction, the first given first.
    """
    sheet = sheets.get(f"{score.sheet_id}@{score.sheet_version}")
    last = {a.item_id: a for a in answers if a.sheet_id == score.sheet_id}
    if sheet is None or not last:
        return None
    known = {item.item_id for item in sheet.items}
    given = {
        name: Answer(item_id=name, answer=one.answer, earned=one.earned)
        for name, one in last.items()
        if name in known
    }
    return with_answers(sheet, score, given)


def by_version(book: SheetBook) -> dict[str, Sheet]:
    """Return sheets by ``<sheet_id>@<sheet_version>``."""
    return {f"{sheet.sheet_id}@{sheet.sheet_version}": sheet for sheet in book.sheets}
