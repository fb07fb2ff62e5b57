"""What people decide, answer and publish, as the warehouse keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from detectors.evidence import Severity
from detectors.rules import Cause
from detectors.scorecard import Given

_ID_LENGTH = 20  # as a finding's: 80 bits, no two of a centre meet by chance


class Decision(StrEnum):
    """What a person says of a finding."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person says of one finding. Never changed: a later one supersedes it.

    Attributes:
        cause: Where the root lies; None where nobody said.
        decided_at: UTC, timezone-aware.
    """

    finding_id: str
    interaction_id: str
    rule_id: str
    rule_version: str
    decision: Decision
    cause: Cause | None
    reviewer: str
    decided_at: datetime
    note: str = ""

    @property
    def verdict_id(self) -> str:
        """The same verdict, told twice, has the same id."""
        return _id(self.finding_id, self.decision, self.reviewer, str(self.decided_at), self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An interaction that a person heard or read whole.

    Attributes:
        missed: Rules whose matter is there though they found nothing.
    """

    interaction_id: str
    missed: tuple[str, ...]
    reviewer: str
    decided_at: datetime
    note: str = ""

    @property
    def review_id(self) -> str:
        """The same review, told twice, has the same id."""
        missed = ",".join(self.missed)
        return _id(self.interaction_id, missed, self.reviewer, str(self.decided_at), self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A version of a rule that was published.

    Attributes:
        body: The rule's own YAML, so that an old version can be read later.
    """

    rule_id: str
    rule_version: str
    severity: Severity
    title: Mapping[str, str]
    body: str
    published_by: str
    published_at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRow:
    """What a back-test of one version of a rule showed.

    Attributes:
        live_version: The version it was set against; None for a new rule.
        gained: Interactions that it finds and the live version does not; ``lost`` the reverse.
    """

    rule_id: str
    rule_version: str
    live_version: str | None
    interactions: int
    found: int
    gained: int
    lost: int
    not_measured: int
    days: int
    worst_day: date | None
    worst_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAnswer:
    """What a person answered on one line of a score sheet.

    Attributes:
        earned: Points; None: all for ``met``, none for ``failed``.
    """

    interaction_id: str
    sheet_id: str
    sheet_version: str
    item_id: str
    answer: Given
    earned: float | None
    reviewer: str
    decided_at: datetime
    note: str = ""

    @property
    def answer_id(self) -> str:
        """The same answer, told twice, has the same id."""
        parts = (self.interaction_id, self.sheet_id, self.item_id, self.answer, str(self.earned))
        return _id(*parts, self.reviewer, str(self.decided_at), self.note)


def _id(*parts: str) -> str:
    text = "\x1f".join(parts)
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_ID_LENGTH]
