"""New reasons among what is unsorted: groups of interactions that speak of the same, for naming.

Each interaction is its terms, weighted by ``ln(N / df)`` and scaled to length 1 (Salton and Buckley
1988). Groups come from DP-means with the cosine (Kulis and Jordan, *Revisiting k-means: new
algorithms via Bayesian nonparametrics*, 2012): whoever is less like every group's centre than
``ALIKE`` begins a group, and the centres are the means of their members, ``ROUNDS`` times over. The
order is that of the ids, so the same interactions give the same groups. Nothing is named here: a
person reads terms and examples, and writes a category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

ALIKE = 0.2
"""Cosine to a centre from which one belongs to it; ours."""
ROUNDS = 4
LEAST = 5
"""Interactions from which a group is shown; ours."""
TERMS = 6
EXAMPLES = 3
RARE, COMMON = 2, 0.5
"""Terms in fewer interactions, or in a larger share of them, tell nothing."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """A group of interactions that may be a reason of its own.

    Attributes:
        size: How many there are.
        terms: What they share, the most telling first.
        examples: Ids of those nearest to the centre.
        cohesion: Mean cosine to the centre, 0 to 1.
    """

    size: int
    terms: tuple[str, ...]
    examples: tuple[str, ...]
    cohesion: float


def discovered(
    terms: Mapping[str, Sequence[str]], *, least: int = LEAST, alike: float = ALIKE
) -> list[Found]:
    """Return groups of at least ``least`` interactions, the largest first.

    Args:
        terms: Of each interaction, by its id.
        least: Smallest group.
        alike: Cosine from which two belong together.
    """
    ids = sorted(one for one, some in terms.items() if some)
    if not ids:
        return []
    matrix, names = _matrix([terms[one] for one in ids])
    if not names:
        return []
    owners = _grouped(matrix, alike)
    found = [
        _found(matrix[rows], [ids[row] for row in rows], names)
        for rows in _members(owners)
        if len(rows) >= least
    ]
    return sorted(found, key=lambda one: (-one.size, one.terms))


def _matrix(every: Sequence[Sequence[str]]) -> tuple[sparse.csr_matrix, list[str]]:
    held = Counter(term for some in every for term in set(some))
    most = max(RARE, COMMON * len(every))
    names = sorted(term for term, count in held.items() if RARE <= count <= most)
    place = {term: column for column, term in enumerate(names)}
    rows, columns = [], []
    for row, some in enumerate(every):
        known = sorted({place[term] for term in some if term in place})
        rows += [row] * len(known)
        columns += known
    weight = np.log(len(every) / np.array([held[term] for term in names] or [1], dtype=float))
    values = weight[columns] if columns else np.zeros(0)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(every), max(1, len(names))))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ matrix).tocsr(), names


def _grouped(matrix: sparse.csr_matrix, alike: float) -> list[int]:
    """Return the group of each row; -1 for those that hold no telling term."""
    centres: list[Floats] = []
    owners = [-1] * matrix.shape[0]
    for _ in range(ROUNDS):
        stacked = np.array(centres) if centres else np.zeros((0, matrix.shape[1]))
        for row in range(matrix.shape[0]):
            one = matrix[row]
            if not one.nnz:
                continue
            likes = one @ stacked.T if len(stacked) else np.zeros((1, 0))
            best = int(np.argmax(likes)) if likes.size else -1
            if best < 0 or float(likes[0, best]) < alike:
                best = len(stacked)
                stacked = np.vstack([stacked, one.toarray()])
            owners[row] = best
        centres = _centres(matrix, owners)
        kept = sorted({owner for owner in owners if owner >= 0})
        owners = [kept.index(owner) if owner >= 0 else -1 for owner in owners]
    return owners


def _centres(matrix: sparse.csr_matrix, owners: Sequence[int]) -> list[Floats]:
    found = []
    for rows in _members(owners):
        centre = np.asarray(matrix[rows].mean(axis=0)).ravel()
        found.append(centre / max(1e-12, float(np.linalg.norm(centre))))
    return found


def _members(owners: Sequence[int]) -> Iterator[list[int]]:
    for owner in sorted({owner for owner in owners if owner >= 0}):
        yield [row for row, own in enumerate(owners) if own == owner]


def _found(rows: sparse.csr_matrix, ids: Sequence[str], names: Sequence[str]) -> Found:
    centre = np.asarray(rows.mean(axis=0)).ravel()
    length = max(1e-12, float(np.linalg.norm(centre)))
    likes = np.asarray(rows @ centre).ravel() / length
    top = sorted(range(len(names)), key=lambda i: (-centre[i], names[i]))[:TERMS]
    nearest = sorted(range(len(ids)), key=lambda i: (-round(float(likes[i]), 9), ids[i]))
    return Found(
        size=len(ids),
        terms=tuple(names[i] for i in top if centre[i] > 0),
        examples=tuple(ids[i] for i in nearest[:EXAMPLES]),
        cohesion=round(float(likes.mean()), 3),
    )
