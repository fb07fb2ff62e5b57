"""Real Mandarin service dialogues for the benchmarks, as somebody would have said them.

STC-3 and JDDC, read from ``../shared/eval/text`` where that is present. They are written dialogues:
web addresses, @names, #tags# and [smileys] are taken out, because nobody says them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from interactions.sound import Party
from interactions.text import normal

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"
ABSENT = "the dialogues are not on this machine (text/dialogues_zh); left out"

_WRITTEN = re.compile(
    r"https?://[A-Za-z0-9./?=&_%-]+|@[^\s@,.:;!?，。：；！？、]+|#[^#\n]{1,40}#|\[[^\[\]]{1,20}\]"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, its text in normal form."""

    party: Party
    text: str


def dialogues() -> list[list[Turn]]:
    """Return every dialogue; none where they are not on this machine."""
    found: list[list[Turn]] = []
    for name in ("jddc", "stc3"):
        path = EVAL / "text" / "dialogues_zh" / f"{name}.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        found += [[_turn(turn) for turn in json.loads(line)["turns"]] for line in lines]
    return found


def _turn(turn: dict[str, str]) -> Turn:
    party = Party.CUSTOMER if turn["role"] == "user" else Party.AGENT
    return Turn(party, normal(_WRITTEN.sub(" ", turn["text"])).text)
