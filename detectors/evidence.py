"""Evidence, findings and measures: what inspection yields, and what a detector is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from interactions.sound import Party

if TYPE_CHECKING:
    from detectors.features import Features


class Severity(StrEnum):
    """How much a finding matters, as the rule's author sees it."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Need(StrEnum):
    """What a detector cannot do without. Missing: the answer is ``NotMeasured``, never zero.

    ``parties_apart`` is each party on a track of its own; for ``parties_told`` it is enough that
    the voices of one track were told apart, which leaves out what both say at once.
    """

    TEXT = "text"
    WORD_TIMES = "word_times"
    ROLES = "roles"
    TRUST = "trust"
    SPEECH = "speech"
    PARTIES_APART = "parties_apart"
    PARTIES_TOLD = "parties_told"
    CONTOURS = "contours"


class Evidence(NamedTuple):
    """One place in an interaction that speaks for a finding; written with its fields' names.

    A named tuple, since a frozen dataclass takes five times as long to make, and of nothing else
    are as many made.

    Attributes:
        start_ms: Where it begins; ``end_ms`` where it ends (equal for written messages).
        because: Code of ``detectors.because``: the reason in words, in zh and en.
        party: Who; None where it is nobody's (silence).
        utterance_seq: Which utterance; None where it is not about words.
        quote: The original words that decided; empty where it is not about words.
        measure: What was measured, for example ``silence``; for words that were heard through
            recognition errors, the phrase that was listened for; empty where there is neither.
        value: The measured value in ``unit``; ``limit`` is the rule's threshold in the same unit.
        score: 0 to 1, how sure the detector is.
    """

    start_ms: int
    end_ms: int
    because: str
    party: Party | None = None
    utterance_seq: int | None = None
    quote: str = ""
    measure: str = ""
    value: float | None = None
    unit: str = ""
    limit: float | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found in an interaction: at least one piece of evidence, in time order."""

    interaction_id: str
    rule_id: str
    rule_version: str
    severity: Severity
    engine: str
    evidence: tuple[Evidence, ...]

    @property
    def start_ms(self) -> int:
        """Where the first evidence begins."""
        return min(e.start_ms for e in self.evidence)

    @property
    def end_ms(self) -> int:
        """Where the last evidence ends."""
        return max(e.end_ms for e in self.evidence)

    @property
    def score(self) -> float:
        """The surest evidence's score."""
        return max(e.score for e in self.evidence)

    @property
    def finding_id(self) -> str:
        """Same interaction, rule, version and evidence: same id, on every machine and every run."""
        places = (f"{e.start_ms}-{e.end_ms}-{e.utterance_seq}-{e.quote}" for e in self.evidence)
        parts = (self.interaction_id, self.rule_id, self.rule_version, *places)
        return sha256("\x1f".join(parts).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """A rule that could not be answered here, and why (a code of ``detectors.because``)."""

    interaction_id: str
    rule_id: str
    rule_version: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure about a whole interaction. ``value`` is None exactly when ``because`` says why.

    Attributes:
        name: For example ``silence_share``; listed in docs/measures.md.
        party: Whose; None for the interaction's own.
        because: Code of ``detectors.because`` where it was not measured; empty otherwise.
    """

    interaction_id: str
    name: str
    party: Party | None
    value: float | None
    unit: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an interaction is about, or what came of it, in one dimension.

    Attributes:
        dimension: ``reason``, ``product``, ``resolution``, ``promise`` or ``follow-up``.
        category: Id in the taxonomy; ``unsorted`` where nothing fits surely enough; of products
            that the taxonomy does not know, the centre's own name.
        confidence: 0 to 1 (``detectors.reason.sorting``).
        utterance_seq: Where it shows; None where no words decided. ``quote`` is what is said there.
        issue: Of a reason: what a contact has to share to be about the same; of faults with the
            product. Empty where it is unsorted.
    """

    interaction_id: str
    dimension: str
    category: str
    confidence: float
    utterance_seq: int | None = None
    quote: str = ""
    issue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """Everything that one plan says about one interaction.

    Attributes:
        plan: Hash over the rules and their versions, so that the same plan is known again.
        engine: Version of the inspection code.
    """

    interaction_id: str
    plan: str
    engine: str
    findings: tuple[Finding, ...] = ()
    not_measured: tuple[NotMeasured, ...] = ()
    measures: tuple[Measure, ...] = ()
    matters: tuple[Matter, ...] = ()


class Detector(Protocol):
    """Code that finds. Its dataclass fields are its parameters in a rule file."""

    NEEDS: ClassVar[frozenset[Need]]

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield evidence in time order; nothing when there is none."""
        ...
