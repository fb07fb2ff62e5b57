"""A centre's taxonomy, what is sorted by it, and new reasons among what is not.

The centre's own is ``taxonomy.yaml`` in its folder, a copy of the shipped one that people edit;
without it the shipped one counts. Another taxonomy is another plan: re-inspection brings it to
everything kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from detectors.reason.discovery import LEAST, Found, discovered
from detectors.reason.taxonomy import Taxonomy
from detectors.reason.taxonomy_reading import load_taxonomy, shipped, shipped_path
from interactions.interaction import Interaction
from interactions.sound import Party
from interactions.text import normal
from interactions.tokens import tokens
from pipelines.settings import Settings
from warehouse.read import unsorted_ids, written_interactions
from warehouse.store import Warehouse

FILE = "taxonomy.yaml"
TELLING = 8
"""Telling utterances of the customer that discovery reads: people begin with their reason. Ours."""
_LEAST_CHARACTERS = 4
_LEAST_TERM = 2


@dataclass(frozen=True, slots=True)
class Example:
    """An interaction of a group, with what its customer began with."""

    interaction_id: str
    text: str


@dataclass(frozen=True, slots=True)
class NewReason:
    """A group of unsorted interactions, for a person to name."""

    size: int
    terms: tuple[str, ...]
    examples: tuple[Example, ...]
    cohesion: float


def own_path(settings: Settings) -> Path:
    """Return where the centre's own taxonomy stands, if it has one."""
    return settings.folder / FILE


def taxonomy_of(settings: Settings) -> Taxonomy:
    """Return the taxonomy by which this centre's interactions are sorted.

    Raises:
        detectors.rule_errors.RuleErrors: The centre's own cannot be used.
    """
    path = own_path(settings)
    return _own(path, path.stat().st_mtime_ns) if path.is_file() else shipped()


@lru_cache(maxsize=2)
def _own(path: Path, stamp: int) -> Taxonomy:
    del stamp  # another time is another content
    return load_taxonomy(path)


def copy_shipped(settings: Settings) -> Path:
    """Write a copy of the shipped taxonomy into the centre's folder, to be edited.

    Raises:
        FileExistsError: The centre has its own already; it stays as it is.
    """
    path = own_path(settings)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(shipped_path().read_text("utf-8"))
    return path


def new_reasons(warehouse: Warehouse, *, least: int = LEAST) -> tuple[int, list[NewReason]]:
    """Return how many interactions are unsorted, and the groups among them, the largest first."""
    ids = unsorted_ids(warehouse)
    said: dict[str, list[str]] = {}
    for one in written_interactions(warehouse, ids):
        said[one.interaction_id] = list(_telling(one))
    terms = {name: list(_terms(texts)) for name, texts in said.items()}
    groups = discovered(terms, least=least)
    return len(ids), [_new(one, said) for one in groups]


def _new(one: Found, said: dict[str, list[str]]) -> NewReason:
    examples = tuple(Example(name, said[name][0]) for name in one.examples)
    return NewReason(one.size, one.terms, examples, one.cohesion)


def _telling(interaction: Interaction) -> Iterator[str]:
    of_customer = (u.text for u in interaction.spoken() if u.party is not Party.AGENT)
    long_enough = [text for text in of_customer if len(text) >= _LEAST_CHARACTERS]
    yield from long_enough[:TELLING]


def _terms(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        for token in tokens(normal(text).text):
            if token.is_word and len(token.text) >= _LEAST_TERM and not token.text.isdigit():
                yield token.text
