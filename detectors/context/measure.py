"""Any measure of an interaction against a limit: duration, counts, shares, speeds, mood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from detectors.evidence import Evidence, Need
from detectors.features import CannotTell, Features
from detectors.limits import Limits, checked_limits
from detectors.measures import UNITS, measures
from detectors.parameters import About, Unfit
from interactions.sound import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLimit:
    """Finds interactions of which a measure keeps every limit given.

    The measures, their units and formulas are those of docs/measures.md. A measure that could not
    be taken, or that this channel or party does not have, is not measured.
    """

    NEEDS: ClassVar[frozenset[Need]] = frozenset()

    name: str
    party: Party | None = None
    at_least: Annotated[float | None, About(unit="the measure's unit")] = None
    at_most: Annotated[float | None, About(unit="the measure's unit")] = None
    above: Annotated[float | None, About(unit="the measure's unit")] = None
    below: Annotated[float | None, About(unit="the measure's unit")] = None
    limits: Limits = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.name not in UNITS:
            names = ", ".join(UNITS)
            raise Unfit("name", found=repr(self.name), allowed=names, code="not_a_choice")
        limits = Limits(self.at_least, self.at_most, self.above, self.below)
        object.__setattr__(self, "limits", checked_limits("at_least", limits))

    def find(self, features: Features) -> Iterator[Evidence]:
        """Yield one piece of evidence over the whole interaction.

        Raises:
            CannotTell: The measure could not be taken.
        """
        taken = features.once("measures", lambda: measures(features))
        one = next((m for m in taken if m.name == self.name and m.party is self.party), None)
        if one is None:
            raise CannotTell("no_measure")
        if one.value is None:
            raise CannotTell(one.because)
        if self.limits.hold(one.value):
            yield Evidence(
                start_ms=0,
                end_ms=features.interaction.duration_ms,
                because="measure_low" if self.limits.is_upper else "measure_high",
                party=self.party,
                quote=self.name,
                measure=self.name,
                value=one.value,
                unit=one.unit,
                limit=self.limits.decisive,
            )
