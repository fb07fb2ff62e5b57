"""Labelled reviews and dialogues for the benchmarks, read from ``../shared/eval/text``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path
from typing import Any

from detectors.features import Features
from detectors.mood.discontent import out_of_the_box
from detectors.mood.fitting import Case
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval" / "text"
ABSENT = "the labelled texts are not on this machine (text/); left out"
DISSATISFIED = -0.5
"""Mean satisfaction of STC-3's 19 people, -2 to 2, at or below which a dialogue counts."""

_BRAND = re.compile(
    r"@[^\s@,.:;!?，。：；！？、]+|中国(?:电信|联通|移动|银行)|电信|联通|移动|沃|翼|天翼|微博|新浪|京东|淘宝|"
    r"支付宝|百度|小米|魅族|联想|华为|苏宁|国美|顺丰|滴滴|携程|小[a-z]?[UuCc]\b"
)
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled text, turn or dialogue.

    Attributes:
        case: As it is fitted.
        mood: Mean mood score of the customer, -5 to +5.
        unseen: Whether nobody looked at it while words and signs were written.
    """

    case: Case
    unseen: bool
    mood: float = 0.0

    @property
    def text(self) -> str:
        """The customer's words as one text, for engines that know nothing of turns."""
        return "\n".join(self.case.texts)


def reviews(name: str) -> list[Labelled]:
    """Return reviews, ``hotel`` or ``food_delivery``; dissatisfied is label 0."""
    found = []
    for number, row in enumerate(_rows(f"reviews_zh/{name}.jsonl")):
        features = Features(_interaction(str(number), [(Party.CUSTOMER, row["text"])]))
        one = features.discontents[0]
        case = Case(
            texts=(features.normal.texts[0],),
            signs=(one.signs,),
            base=-(features.sentiment[0] or 0.0),
            is_dissatisfied=row["label"] == 0,
            group=row["text"],
        )
        found.append(Labelled(case, _is_odd(row["text"])))
    return found


def jddc_turns() -> list[Labelled]:
    """Return the user turns of JDDC that have a label."""
    return [one for row in _rows("dialogues_zh/jddc.jsonl") for one in _turns(row)]


def jddc_dialogues() -> list[Labelled]:
    """Return JDDC's dialogues."""
    rows = _rows("dialogues_zh/jddc.jsonl")
    return [
        replace(_whole(row, row["overall_sat3"] == 0, row["id"]), unseen=row["split"] == "test")
        for row in rows
        if any(turn["role"] == "user" for turn in row["turns"])
    ]


def stc3_dialogues() -> list[Labelled]:
    """Return STC-3's dialogues, companies' names masked; a group is a company."""
    found = []
    for row in _rows("dialogues_zh/stc3.jsonl"):
        said = " ".join(turn["text"] for turn in row["turns"])
        company = re.search(r"@([^\s@,，。.:：]{2,10}?)(?:官方)?(?:客服|$)", said)
        masked = [{**turn, "text": _BRAND.sub("", turn["text"])} for turn in row["turns"]]
        case = _whole(
            {**row, "turns": masked},
            row["S_mean"] <= DISSATISFIED,
            company[1] if company else row["id"],
        )
        found.append(replace(case, unseen=_is_odd(row["id"])))
    return found


def dialogue(row: dict[str, Any], name: str) -> Interaction:
    """Return a dialogue as an interaction."""
    turns = row["turns"]
    parties = {"user": Party.CUSTOMER, "agent": Party.AGENT}
    return _interaction(name, [(parties[turn["role"]], turn["text"]) for turn in turns])


def rows(name: str) -> list[dict[str, Any]]:
    """Return the records of a file of dialogues; none where it is not on this machine."""
    return list(_rows(f"dialogues_zh/{name}.jsonl"))


def _turns(row: dict[str, Any]) -> Iterator[Labelled]:
    features = Features(dialogue(row, str(row["id"])))
    turns = row["turns"]
    for one in features.discontents:
        label = turns[one.index]["sat3"]
        if label is not None:
            text = features.normal.texts[one.index]
            case = Case((text,), (one.signs,), one.value, label == 0, str(row["id"]))
            yield Labelled(case, row["split"] == "test")


def _whole(row: dict[str, Any], is_dissatisfied: bool, group: str) -> Labelled:  # noqa: FBT001
    features = Features(dialogue(row, str(row["id"])))
    found = features.discontents
    moods = [features.sentiment[one.index] or 0.0 for one in found]
    case = Case(
        texts=tuple(features.normal.texts[one.index] for one in found),
        signs=tuple(one.signs for one in found),
        base=out_of_the_box(found),
        is_dissatisfied=is_dissatisfied,
        group=group,
    )
    return Labelled(case, unseen=False, mood=sum(moods) / len(moods))


def _interaction(name: str, said: list[tuple[Party, str]]) -> Interaction:
    return Interaction(
        interaction_id=name,
        channel=Channel.CHAT,
        started_at=_START,
        duration_ms=1000 * len(said),
        source=name,
        content_hash=name,
        language=Language.ZH,
        utterances=tuple(
            Utterance(seq, party, seq * 1000, seq * 1000, text)
            for seq, (party, text) in enumerate(said)
        ),
    )


def _rows(name: str) -> Iterator[dict[str, Any]]:
    path = EVAL / name
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def _is_odd(name: str) -> bool:
    return bool(md5(name.encode(), usedforsecurity=False).digest()[0] & 1)
