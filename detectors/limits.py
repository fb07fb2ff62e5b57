"""Figures against limits: what is measured must reach one and may not go past the other."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.parameters import Unfit


@dataclass(frozen=True, slots=True)
class Limits:
    """What a figure is compared with; None for no limit.

    Attributes:
        at_least: Counts from here on; ``above`` only beyond it.
        at_most: Counts up to here; ``below`` only short of it.
    """

    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None

    @property
    def decisive(self) -> float | None:
        """The limit that is told with the evidence: the first that there is."""
        every = (self.at_least, self.above, self.at_most, self.below)
        return next((one for one in every if one is not None), None)

    @property
    def is_upper(self) -> bool:
        """Whether it is small figures alone that count."""
        return self.at_least is None and self.above is None

    def hold(self, value: float) -> bool:
        """Tell whether ``value`` keeps every limit."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )


def checked_limits(first: str, limits: Limits) -> Limits:
    """Return ``limits``.

    Args:
        first: The parameter that an error names.
        limits: As the rule gives them.

    Raises:
        Unfit: There is none, or nothing can keep them all.
    """
    if limits.decisive is None:
        allowed = "at_least, at_most, above or below"
        raise Unfit(first, found="no limit", allowed=allowed, code="empty")
    lows = [one for one in (limits.at_least, limits.above) if one is not None]
    highs = [one for one in (limits.at_most, limits.below) if one is not None]
    if lows and highs and max(lows) > min(highs):
        found = f"{max(lows):g} to {min(highs):g}"
        raise Unfit(first, found=found, allowed="a range", code="out_of_range")
    return limits
