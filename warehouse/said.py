"""What people do in the console, as values: accounts, assignments, appeals, calibration, coaching.

Each is said by someone at some time and never changed; of several about one thing the one said
last counts. ``warehouse.rows.said_tables`` makes tables of them, ``warehouse.read.said`` reads them
back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Protocol

from warehouse.alerting import Alert, AlertAnswer, AlertMessage

_ID_LENGTH = 20  # as a finding's


class Said(Protocol):
    """Anything in this module."""

    @property
    def said_by(self) -> str:
        """A person's id; ``system`` for what nobody did by hand."""
        ...

    @property
    def said_at(self) -> datetime:
        """UTC, timezone-aware."""
        ...


def id_of(*parts: object) -> str:
    """Return the id of something that is told by ``parts``: the same parts, the same id."""
    text = "\x1f".join(str(part) for part in parts)
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_ID_LENGTH]


def event_id(one: Said) -> str:
    """Return the id of what was said: told twice, it is the same."""
    return id_of(type(one).__name__, *astuple(one))  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may sign in, as what.

    Attributes:
        person_id: What they sign in with.
        roles: ``reviewer``, ``lead``, ``trainer``, ``agent``, ``admin``.
        agent: Which agent of the centre they are, for the role ``agent``.
        password_hash: As ``console.web.passwords`` writes it; empty: by single sign-on only.
        quota: Interactions to judge a day; 0: none set.
        language: ``zh``, ``en`` or empty for the centre's.
    """

    person_id: str
    name: str
    roles: tuple[str, ...]
    agent: str | None
    password_hash: str
    is_active: bool
    quota: int
    language: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Something that is written down so that it can be asked about later: a listen, a reveal.

    Attributes:
        act: For example ``listen``.
        about: Most often an interaction.
    """

    act: str
    about: str
    detail: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An interaction given to a person; to nobody where ``person_id`` is empty."""

    interaction_id: str
    person_id: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """Filters of the worklist under a name of one's own."""

    name: str
    query: str
    is_removed: bool
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A verdict taken back by whoever gave it."""

    verdict_id: str
    finding_id: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was really said, and by whom, in a stretch of an interaction.

    Attributes:
        start_ms: Where it stands; that, and not a number, survives a later transcription.
    """

    interaction_id: str
    start_ms: int
    end_ms: int
    was_party: str
    was_text: str
    party: str
    text: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One step of an appeal against a finding.

    Attributes:
        state: ``raised``, ``upheld`` (the finding stands), ``overturned`` or ``withdrawn``.
    """

    appeal_id: str
    finding_id: str
    interaction_id: str
    rule_id: str
    rule_version: str
    state: str
    note: str
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A calibration round: several people answer the same sheet on the same interactions."""

    round_id: str
    title: str
    sheet_id: str
    interaction_ids: tuple[str, ...]
    reviewers: tuple[str, ...]
    is_open: bool
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationAnswer:
    """One person's answer to one question of a round.

    Attributes:
        share: Points given over the item's points, 0 to 1; None for "not applicable".
    """

    round_id: str
    interaction_id: str
    item_id: str
    answer: str
    share: float | None
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingCase:
    """A passage that trainers teach with.

    Attributes:
        finding_id: What it was made from; empty for a passage of the trainer's own choice.
        polarity: ``do`` or ``dont``.
        difficulty: ``easy``, ``medium`` or ``hard``.
    """

    case_id: str
    interaction_id: str
    finding_id: str
    rule_id: str
    start_ms: int
    end_ms: int
    polarity: str
    topic: str
    product: str
    difficulty: str
    title: str
    advice: str
    is_removed: bool
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Cases in the order in which they are taught."""

    collection_id: str
    title: str
    case_ids: tuple[str, ...]
    is_removed: bool
    said_by: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingTask:
    """A collection given to an agent; ``state`` is ``given`` or ``acknowledged``."""

    task_id: str
    collection_id: str
    agent: str
    state: str
    note: str
    said_by: str
    said_at: datetime


TABLES: Mapping[type, str] = MappingProxyType(
    {
        Account: "accounts",
        Audit: "audit",
        Assignment: "assignments",
        SavedView: "saved_views",
        Withdrawal: "withdrawals",
        Correction: "corrections",
        Appeal: "appeals",
        Calibration: "calibrations",
        CalibrationAnswer: "calibration_answers",
        CoachingCase: "coaching_cases",
        Collection: "collections",
        CoachingTask: "coaching_tasks",
        Alert: "alerts",
        AlertMessage: "alert_messages",
        AlertAnswer: "alert_answers",
    }
)
"""The table of each kind."""
