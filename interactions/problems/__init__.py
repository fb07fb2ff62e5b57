"""Why an item cannot be inspected, and what a person does about it: the one list, in two languages.

A problem never stops a batch. The item is set aside under a code of this list; the texts are
looked up when someone reads them, so the warehouse stays free of language. One module holds the
texts of one stage; no code stands in two of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems import (
    intake,
    metadata,
    sound,
    tables,
    texts,
    transcripts,
    warehouse,
)
from interactions.problems.explanation import Explanation

__all__ = ["PROBLEMS", "STAGES", "Explanation", "Unreadable", "explain"]

STAGES = (intake, metadata, sound, tables, texts, transcripts, warehouse)
PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {code: told for stage in STAGES for code, told in stage.PROBLEMS.items()}
)


class Unreadable(Exception):  # noqa: N818 - reads as what it is: this item is unreadable
    """An item that is set aside.

    Args:
        item: Path relative to the intake folder, with ``#record`` for one of many in a file.
        code: A key of ``PROBLEMS``.
        values: What the explanation's ``{name}`` places stand for.
    """

    def __init__(self, item: str, code: str, **values: str | float) -> None:
        self.item = item
        self.code = code
        self.values = values
        super().__init__(f"{item}: {explain(code, values, 'en')}")


def explain(code: str, values: Mapping[str, str | float], language: str) -> str:
    """Return ``because; remedy`` in ``language`` (``zh`` or ``en``)."""
    explanation = PROBLEMS[code]
    stop = "；" if language == "zh" else "; "
    text = f"{explanation.because[language]}{stop}{explanation.remedy[language]}"
    return text.format_map(dict(values))
