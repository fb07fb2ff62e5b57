"""A night's batch for ``console_load``: shards of chats, then of what was found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import md5

import pyarrow as pa

from benchmarks._console_load_centre import ENGINE, PLAN, RULES, VERSION, said
from detectors.evidence import Evidence, Finding, Inspection, Measure, Severity
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from pipelines.settings import Settings
from warehouse.rows import inspection_tables, interaction_tables
from warehouse.spool import Spool

SHARD = 500
_SEVERITIES = (
    Severity.MINOR, Severity.MINOR, Severity.MAJOR, Severity.MAJOR, Severity.CRITICAL
)  # fmt: skip
_START = datetime(2026, 6, 1, tzinfo=UTC)
_TALK = said()


@dataclass(frozen=True)
class _Rule:
    rule_id: str
    severity: Severity
    title: Mapping[str, str]
    rule_version: str = VERSION


_PLANNED = [
    _Rule(f"rule-{n}", _SEVERITIES[n % 5], {"zh": f"规则{n}", "en": f"Rule {n}"})
    for n in range(RULES)
]


def arriving(settings: Settings, number: int) -> None:
    """Write a shard of five hundred chats and one of ten findings in each, as a night does."""
    chats = [_chat(SHARD * number + n) for n in range(SHARD)]
    spool = Spool(settings.spool)
    spool.write("texts", f"night-{number}", interaction_tables(chats))
    inspected = [_inspected(one.interaction_id) for one in chats]
    spool.write("inspections", f"night-{number}", inspection_tables(inspected, rules=_PLANNED))


def arrived(settings: Settings) -> int:
    """Return how many shards of chats earlier runs left."""
    return sum(one.kind == "texts" for one in Spool(settings.spool).shards())


def ranked(settings: Settings, number: int, worklist: pa.Table) -> None:
    """Write the worklist anew, as the end of a night does."""
    Spool(settings.spool).write("worklist", f"night-{number}", {"worklist": worklist})


def _chat(number: int) -> Interaction:
    content = md5(f"night-{number}".encode()).hexdigest()  # noqa: S324 - a name, no secret
    return Interaction(
        interaction_id=f"chat-{content[:16]}", channel=Channel.CHAT,
        started_at=_START + timedelta(seconds=number % 86_400), duration_ms=60_000,
        source=f"night.jsonl#{number}", content_hash=content, language=Language.ZH,
        agent=f"A{number % 800}", queue="Q1", customer=f"C{number}", transcriber="written",
        utterances=tuple(
            Utterance(seq, (Party.CUSTOMER, Party.AGENT)[seq % 2], seq * 15_000, seq * 15_000, text)
            for seq, text in enumerate(_TALK[number % len(_TALK)])
        ),
    )  # fmt: skip


def _inspected(interaction_id: str) -> Inspection:
    found = Evidence(15_000, 15_000, "phrase", Party.CUSTOMER, 1, "退款", score=0.9)
    return Inspection(
        interaction_id=interaction_id,
        plan=PLAN,
        engine=ENGINE,
        findings=tuple(
            Finding(
                interaction_id=interaction_id, rule_id=rule.rule_id, rule_version=VERSION,
                severity=rule.severity, engine=ENGINE, evidence=(found,),
            )
            for rule in _PLANNED[::4]
        ),
        measures=(
            Measure(
                interaction_id=interaction_id, name="talk_share", party=Party.AGENT, value=0.5,
                unit="share",
            ),
        ),
    )  # fmt: skip
