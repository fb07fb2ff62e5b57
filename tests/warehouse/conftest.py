"""Interactions, inspections and shards made for the warehouse's tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from detectors.evidence import Evidence, Finding, Inspection, Measure, NotMeasured, Severity
from interactions.interaction import Channel, Interaction, Language, Utterance, Word
from interactions.sound import Contour, Party, Quality, Recording, Span, TrackQuality
from warehouse.rows import inspection_tables, interaction_tables
from warehouse.spool import ShardRef, Spool
from warehouse.store import Warehouse, open_warehouse

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@dataclass(frozen=True)
class TheRule:
    rule_id: str = "no_apology"
    rule_version: str = "1-aaaaaaaa"
    severity: Severity = Severity.MAJOR
    title: Mapping[str, str] = field(default_factory=lambda: {"zh": "没有道歉", "en": "No apology"})


APOLOGY = TheRule()
APOLOGY_2 = replace(APOLOGY, rule_version="2-bbbbbbbb")
SHOUT = TheRule("shout", "1-cccccccc", Severity.CRITICAL, {"zh": "大声", "en": "Shouting"})


def call(number: int, **changes: object) -> Interaction:
    """One two-track call with everything that an interaction can hold."""
    rng = np.random.default_rng(number)
    contour = {
        party: Contour(
            20,
            rng.normal(-30, 5, 40).astype(np.float32),
            np.where(rng.random(40) < 0.5, np.nan, 180.123).astype(np.float32),
        )
        for party in (Party.AGENT, Party.CUSTOMER)
    }
    words = (Word(100, 220, "您", 0.9), Word(220, 400, "好", None))
    values: dict[str, object] = {
        "interaction_id": f"voice-{number:016x}",
        "channel": Channel.VOICE,
        "started_at": START + timedelta(hours=7 * number, microseconds=number),
        "duration_ms": 60_000 + number,
        "source": f"calls/{number}.wav",
        "content_hash": f"{number:064x}",
        "language": Language.ZH,
        "agent": f"a{number % 3}",
        "team": "north" if number % 2 else None,
        "queue": "orders",
        "customer": f"c{number % 5}",
        "attributes": MappingProxyType({"region": "华东", "number": number, "vip": True}),
        "utterances": (
            Utterance(0, Party.AGENT, 100, 400, "您好", words, 0.93),
            Utterance(1, Party.CUSTOMER, 900, 2_000, f"订单 {number} 还没到!"),
            Utterance(2, Party.CUSTOMER, 3_000, 3_100, "谢谢观看", (), 0.2, "boilerplate"),
        ),
        "recording": Recording(
            recording_id=f"{number:064x}",
            files=(Path("inbox/agent.wav"), Path("inbox/customer.wav")),
            duration_ms=60_000 + number,
            sample_rate=8_000,
            codec="pcm_mulaw",
            tracks=(Party.AGENT, Party.CUSTOMER),
            quality=Quality(
                (TrackQuality(-1.5, 0.001, 31.5, False), TrackQuality(-np.inf, 0.0, None, True)),
                False,
                0.12,
            ),
        ),
        "speech": MappingProxyType({Party.CUSTOMER: (Span(900, 2_000),), Party.AGENT: ()}),
        "contours": MappingProxyType(contour),
        "transcriber": "whisper-tiny@0123abcd",
        "trust": 0.8,
        "role_confidence": 1.0,
    }
    return Interaction(**{**values, **changes})  # type: ignore[arg-type]


def chat(number: int, **changes: object) -> Interaction:
    """A chat: no sound at all."""
    return replace(
        call(number),
        interaction_id=f"chat-{number:016x}",
        channel=Channel.CHAT,
        source=f"chats.jsonl#{number}",
        content_hash=f"{number + 10**6:064x}",
        recording=None,
        speech=MappingProxyType({}),
        contours=MappingProxyType({}),
        utterances=(Utterance(0, Party.CUSTOMER, 0, 0, "退款一直没到账"),),
        transcriber="written",
        **changes,  # type: ignore[arg-type]
    )


def inspection(
    interaction_id: str,
    *,
    plan: str = "plan-1",
    rules: Sequence[TheRule] = (APOLOGY, SHOUT),
    engine: str = "engine-1",
    start_ms: int = 900,
) -> Inspection:
    """The first rule finds something, the last cannot be answered."""
    evidence = (
        Evidence(start_ms=start_ms, end_ms=2_000, because="missing", score=0.7),
        Evidence(
            start_ms=2_500, end_ms=3_000, because="silence", party=Party.CUSTOMER,
            utterance_seq=1, quote="还没到!", measure="silence", value=3.25, unit="s", limit=3.0,
        ),
    )  # fmt: skip
    finding = Finding(
        interaction_id=interaction_id,
        rule_id=rules[0].rule_id,
        rule_version=rules[0].rule_version,
        severity=rules[0].severity,
        engine=engine,
        evidence=evidence,
    )
    silent = NotMeasured(
        interaction_id=interaction_id,
        rule_id=rules[-1].rule_id,
        rule_version=rules[-1].rule_version,
        because="mono",
    )
    measures = (
        Measure(
            interaction_id=interaction_id, name="silence", party=None, value=0.25, unit="share"
        ),
        Measure(
            interaction_id=interaction_id, name="speed", party=Party.AGENT, value=None,
            unit="syllables/s", because="no_words",
        ),
    )  # fmt: skip
    return Inspection(
        interaction_id=interaction_id, plan=plan, engine=engine, findings=(finding,),
        not_measured=(silent,) if len(rules) > 1 else (), measures=measures,
    )  # fmt: skip


class Clock:
    """A clock that moves a second with every shard."""

    def __init__(self, now_s: int) -> None:
        self.now_s = now_s

    def __call__(self) -> int:
        self.now_s += 1
        return self.now_s * 10**9


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", clock=Clock(1_800_000_000))


@pytest.fixture
def build() -> SimpleNamespace:
    return SimpleNamespace(
        call=call, chat=chat, inspection=inspection, apology=APOLOGY, apology_2=APOLOGY_2,
        shout=SHOUT,
    )  # fmt: skip


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An empty and a filled warehouse, made once: a test copies what it needs."""
    folder = tmp_path_factory.mktemp("templates")
    empty, full = folder / "empty.duckdb", folder / "filled.duckdb"
    open_warehouse(empty).close()
    shutil.copy(empty, full)
    spool = Spool(folder / "spool", clock=Clock(1_700_000_000))
    with open_warehouse(full) as warehouse:
        for number, tables in enumerate(_content()):
            warehouse.commit(spool.write("work", f"filled-{number}", tables))
    return {"empty": empty, "filled": full}


def _content() -> Iterator[dict[str, pa.Table]]:
    calls = [call(n) for n in range(6)]
    chats = [chat(n) for n in range(4)]
    yield interaction_tables([*calls, *chats])
    first = [inspection(one.interaction_id) for one in (*calls, *chats)]
    yield inspection_tables(first, rules=(APOLOGY, SHOUT))
    newer = (APOLOGY_2, SHOUT)
    second = [inspection(one.interaction_id, plan="plan-2", rules=newer) for one in calls]
    yield inspection_tables(second, rules=newer)


@pytest.fixture
def store(
    request: pytest.FixtureRequest, tmp_path: Path, templates: dict[str, Path]
) -> Iterator[Warehouse]:
    path = tmp_path / "warehouse.duckdb"
    shutil.copy(templates["filled" if "filled" in request.fixturenames else "empty"], path)
    with open_warehouse(path) as warehouse:
        yield warehouse


@pytest.fixture
def filled(store: Warehouse) -> Warehouse:
    """Six calls and four chats, all inspected; the chats by the first plan only."""
    return store


@pytest.fixture
def keep(spool: Spool, store: Warehouse) -> Callable[..., ShardRef]:
    """Write a shard and commit it: the key is the number of the shard."""
    counter = iter(range(1_000))

    def commit(tables: Mapping[str, pa.Table]) -> ShardRef:
        shard = spool.write("work", f"key-{next(counter)}", tables)
        assert store.commit(shard)
        return shard

    return commit
