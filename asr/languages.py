"""Which language a recording is decoded in, whichever engine hears it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from asr.packing import Window
from asr.weights import WeightsError
from interactions.interaction import Language

_LISTEN_WINDOWS = 8
"""Four minutes of speech tell the language."""


def check_known(name: str, language: Language) -> None:
    """Refuse Mandarin for weights that only know English.

    Raises:
        WeightsError: Always for ``zh`` and ``mixed``.
    """
    if language in {Language.ZH, Language.MIXED}:
        raise WeightsError(f"{name} only knows English; use multilingual weights")


def telling(windows: Sequence[Window]) -> list[int]:
    """Return the indices of the windows that tell a recording's language: the longest."""
    order = sorted(range(len(windows)), key=lambda i: (-windows[i].duration_ms, i))
    return order[:_LISTEN_WINDOWS]


def likelier(chances: Sequence[tuple[float, float]]) -> Language:
    """Return the likelier language, Mandarin or English.

    Args:
        chances: The probabilities of both, in this order, for each window.
    """
    zh, en = (sum(math.log(max(one[i], 1e-30)) for one in chances) for i in (0, 1))
    return Language.ZH if zh >= en else Language.EN
