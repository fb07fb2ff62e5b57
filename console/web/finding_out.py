"""Everything one page says about an interaction."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.views import Whole, rule_titles, whole
from console.web.access import NotAllowed
from console.web.roles import Person
from detectors.evidence import Finding
from interactions.interaction import Interaction
from interactions.sound import Contour
from pipelines.corrections import corrected
from pipelines.desk import Desk
from pipelines.scoring import both, by_version, sheets_of
from warehouse.judged import Review, Verdict
from warehouse.read import (
    Contact,
    answers_of,
    contacts_of,
    interactions,
    reviews_of,
    said,
    scores_of,
    verdicts_of,
)
from warehouse.said import Appeal, Assignment, Correction

SEVERITIES = ("minor", "major", "critical")
MOST_POINTS = 2_000
"""Of one drawn line: more columns than the page has at its widest, less than 3 KB."""
QUIETEST_DB, HIGHEST_HZ = -80.0, 500.0


class NoSuch(NotAllowed):
    """There is no such interaction, or it is not theirs to see: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("not_there")


def interaction_for(desk: Desk, person: Person, interaction_id: str) -> Interaction:
    """Return an interaction that the person may hear, as people heard it.

    Raises:
        NoSuch: There is none, or an agent asks for somebody else's.
    """
    found = interactions(desk.warehouse, [interaction_id])
    if not found or (person.is_agent_only and found[0].agent != person.agent):
        raise NoSuch
    if person.is_agent_only and person.agent is None:
        raise NoSuch
    corrections = said(desk.warehouse, Correction, interaction_id=interaction_id)
    return corrected(found[0], corrections)


def titles_in(desk: Desk, language: str) -> Mapping[str, str]:
    """Return the titles of the rules in force, by id."""
    return desk.remembered(f"titles-{language}", lambda: rule_titles(desk.warehouse, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page of an interaction shows.

    Attributes:
        whole: The interaction, its findings and measures.
        findings: Weightiest first, then in the order of the interaction.
        verdicts: Per finding everything said of it, the first said first.
        appeals: Per finding the last step of its appeal.
        contacts: The customer's other interactions.
        given_to: Who it is given to; empty: nobody.
    """

    whole: Whole
    findings: tuple[Finding, ...]
    verdicts: Mapping[str, list[Verdict]]
    reviews: Sequence[Review]
    appeals: Mapping[str, Appeal]
    contacts: Sequence[Contact]
    given_to: str
    corrections: Sequence[Correction]


def shown(desk: Desk, one: Interaction) -> Shown:
    """Read all that is said about an interaction."""
    about = one.interaction_id
    found = whole(desk.warehouse, one)
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in verdicts_of(desk.warehouse, about):
        verdicts.setdefault(verdict.finding_id, []).append(verdict)
    appeals = said(desk.warehouse, Appeal, last_per=("appeal_id",), interaction_id=about)
    given = said(desk.warehouse, Assignment, last_per=("interaction_id",), interaction_id=about)
    others = contacts_of(desk.warehouse, one.customer) if one.customer else []
    return Shown(
        whole=found,
        findings=tuple(sorted(found.findings, key=_weight)),
        verdicts=verdicts,
        reviews=reviews_of(desk.warehouse, about),
        appeals={a.finding_id: a for a in appeals},
        contacts=[c for c in others if c.interaction_id != about],
        given_to=given[0].person_id if given else "",
        corrections=said(desk.warehouse, Correction, interaction_id=about),
    )


def _weight(finding: Finding) -> tuple[int, int]:
    return -SEVERITIES.index(finding.severity.value), finding.evidence[0].start_ms


def sheets(desk: Desk, interaction_id: str) -> list[dict[str, object]]:
    """Return each score sheet of an interaction: the machine's answers and people's."""
    found = scores_of(desk.warehouse, interaction_id)
    if not found:
        return []
    known = by_version(sheets_of(desk.settings))
    answers = answers_of(desk.warehouse, [interaction_id])
    filled: list[dict[str, object]] = []
    for score in found:
        sheet = known.get(f"{score.sheet_id}@{score.sheet_version}")
        own = {a.item_id: a for a in answers if a.sheet_id == score.sheet_id}
        filled.append(
            {
                "sheet": sheet,
                "score": score,
                "both": both(known, score, answers),
                "answers": own,
                "items": {item.item_id: item for item in sheet.items} if sheet else {},
            }
        )
    return filled


def curves(one: Interaction, findings: Sequence[Finding]) -> str:
    """Return levels, pitch and evidence for drawing, as JSON.

    Each series is one byte a point, 0 for nothing (silence, no pitch): loudness from -80 dB to 0,
    pitch from 0 to 500 Hz.
    """
    tracks = [
        {"party": party.value, **_curve(contour)} for party, contour in sorted(one.contours.items())
    ]
    marks = [
        [e.start_ms, e.end_ms, f.finding_id, f.severity.value] for f in findings for e in f.evidence
    ]
    told = {"duration": one.duration_ms, "tracks": tracks, "marks": marks}
    return json.dumps(told, separators=(",", ":")).replace("<", "\\u003c")


def _curve(contour: Contour) -> dict[str, object]:
    every = max(1, -(-len(contour.loudness_db) // MOST_POINTS))
    level = _largest(contour.loudness_db, every)
    pitch = _largest(np.nan_to_num(contour.pitch_hz, nan=0.0), every)
    return {
        "step": contour.step_ms * every,
        "level": _bytes((level - QUIETEST_DB) / -QUIETEST_DB),
        "pitch": _bytes(pitch / HIGHEST_HZ),
    }


def _largest(values: NDArray[np.float32], every: int) -> NDArray[np.float32]:
    rest = -len(values) % every
    padded = np.pad(values, (0, rest), constant_values=-100.0 if rest else 0.0)
    largest: NDArray[np.float32] = padded.reshape(-1, every).max(axis=1)
    return largest


def _bytes(shares: NDArray[np.float32]) -> str:
    scaled = np.clip(np.round(shares * 255), 0, 255).astype(np.uint8)
    return b64encode(scaled.tobytes()).decode()
