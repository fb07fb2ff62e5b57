"""The console under load: a large warehouse, many reviewers, and a night's shards arriving.

A warehouse of one million interactions and ten million findings is made; the console serves it in
a process of its own; reviewers page, filter, search, open and judge, while shards are written to
the spool. Then the console is killed with SIGKILL in the middle of it, and every verdict that it
acknowledged is looked for. The peer is the same worklist asked of the warehouse's views, as any
SQL client would: without lines made beforehand and without an index of words.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np

from benchmarks._report import Figures, options, show
from console.web.access import COOKIE
from console.web.passwords import token_hash
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from pipelines.desk import open_desk
from pipelines.settings import Settings, load
from warehouse.read import WorklistFilter, renew_lines, worklist
from warehouse.rows import interaction_tables, said_tables
from warehouse.said import Account
from warehouse.search import TextIndex, tokens
from warehouse.sessions import SignedIn, keep_session
from warehouse.spool import Spool
from warehouse.store import Warehouse, open_warehouse

SAID = (
    "退款一直没有到账",
    "快递还没有到",
    "我要投诉你们",
    "请问怎么开发票",
    "谢谢你帮我解决了问题",
)
WORDS = ("退款", "fapiao", "投诉你们")
RULES = 40
_FORM = re.compile(r'name="finding" value="(\w+)"><input type="hidden" name="seen" value="(\w*)"')
PORT = 18_420
START = datetime(2026, 3, 1, tzinfo=UTC)
_INTERACTIONS = """
INSERT INTO interactions BY NAME
SELECT 'chat-' || lpad(i::VARCHAR, 9, '0') AS interaction_id, 'chat' AS channel,
    TIMESTAMPTZ '2026-03-01 00:00:00+00' + INTERVAL (i * 2) SECOND AS started_at,
    60000 AS duration_ms, 'chats.jsonl#' || i AS source, md5(i::VARCHAR) AS content_hash,
    'zh' AS language, 'A' || (i % 800) AS agent, 'T' || (i % 40) AS team,
    'Q' || (i % 12) AS queue, 'C' || (i % 300000) AS customer, 'P' || (i % 30) AS product,
    '{}' AS attributes, 'written' AS transcriber, NULL AS trust, NULL AS role_confidence
FROM range($n) t(i)
"""
_UTTERANCES = """
INSERT INTO utterances BY NAME
SELECT 'chat-' || lpad(i::VARCHAR, 9, '0') AS interaction_id, seq::INTEGER AS seq,
    if(seq % 2 = 0, 'agent', 'customer') AS party, seq * 20000 AS start_ms, seq * 20000 AS end_ms,
    list_extract($said::VARCHAR[], ((i + seq) % 5 + 1)::INTEGER) AS text, [] AS words,
    NULL AS confidence, NULL AS dropped_because
FROM range($n) t(i), range(3) s(seq) ORDER BY i, seq
"""
_FINDINGS = """
INSERT INTO findings BY NAME
SELECT md5(i || '/' || k)[:20] AS finding_id, 'chat-' || lpad(i::VARCHAR, 9, '0') AS interaction_id,
    'rule-' || ((i * 7 + k) % $rules) AS rule_id, '1-aaaaaaaa' AS rule_version,
    list_extract(['minor', 'major', 'critical'], ((i + k) % 3 + 1)::INTEGER) AS severity,
    'e' AS engine, 20000 AS start_ms, 20000 AS end_ms, 0.9 AS score
FROM range($n) t(i), range(10) s(k) ORDER BY i, k
"""
_EVIDENCE = """
INSERT INTO evidence BY NAME
SELECT finding_id, interaction_id, 0 AS seq, start_ms, end_ms, 'phrase' AS because,
    'customer' AS party, 1 AS utterance_seq, '退款' AS quote, '' AS measure, NULL AS value,
    '' AS unit, NULL AS threshold, 0.9 AS score FROM findings
"""
_REST = """
INSERT INTO plans VALUES ('p', 1);
INSERT INTO inspections SELECT interaction_id, 'p', 'e' FROM interactions;
INSERT INTO plan_rules SELECT 'p', 'rule-' || i, '1-aaaaaaaa', 'major', '规则' || i, 'Rule ' || i
FROM range($rules) t(i);
INSERT INTO measures SELECT interaction_id, 'talk_share', 'agent',
(hash(interaction_id) % 1000) / 1000.0, 'share', '', 'e' FROM interactions;
INSERT INTO worklist SELECT row_number() OVER (ORDER BY md5(interaction_id))::INTEGER,
interaction_id, 0.5, hash(interaction_id) % 50 = 0, ['rule-1', 'rule-2'] FROM interactions
"""


@dataclass
class Seen:
    """What the reviewers met: latencies in ms by kind of page, errors, acknowledged verdicts."""

    took: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    heaviest: int = 0


def make(folder: Path, count: int, reviewers: int) -> Settings:
    """Make a centre whose console has so many interactions and ten findings each."""
    (folder / "tingjian.toml").write_text(f"[console]\nport = {PORT}\n", "utf-8")
    (folder / "inbox").mkdir()
    settings = load(folder)
    with open_warehouse(settings.console_warehouse) as warehouse:
        said = list(SAID)
        for sql in (_INTERACTIONS, _UTTERANCES, _FINDINGS, _EVIDENCE, *_REST.split(";")):
            warehouse.change(sql, n=count, rules=RULES, said=said)
        renew_lines(warehouse)
        _people(warehouse, settings, reviewers)
    _index(settings, count)
    return settings


def _people(warehouse: Warehouse, settings: Settings, reviewers: int) -> None:
    now = datetime.now(UTC)
    accounts = [
        Account(
            person_id=f"r{n}", name=f"r{n}", roles=("reviewer",), agent=None, password_hash="",
            is_active=True, quota=0, language="zh", said_by="x", said_at=now,
        )
        for n in range(reviewers)
    ]  # fmt: skip
    Spool(settings.spool).write("said", "people", said_tables(accounts))
    for n in range(reviewers):
        keep_session(warehouse, SignedIn(token_hash(f"t{n}"), f"r{n}", now, now))


def _index(settings: Settings, count: int) -> None:
    """Fill the index; the five texts are read once, so that this takes minutes and not hours."""
    path = settings.folder / "console.search.sqlite"
    TextIndex(path)
    texts = [[SAID[(i + seq) % 5] for seq in range(3)] for i in range(5)]
    fed = [tokens(one) for one in texts]
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        ids = ((i + 1, f"chat-{i:09d}") for i in range(count))
        connection.executemany("INSERT INTO held VALUES (?, ?)", ids)
        rows = ((i + 1, *fed[i % 5]) for i in range(count))
        connection.executemany("INSERT INTO texts (rowid, words, sounds) VALUES (?, ?, ?)", rows)
    connection.close()


def arriving(settings: Settings, number: int) -> None:
    """Write a shard of five hundred chats, as a night does."""
    chats = [_chat(10_000_000 + 500 * number + n) for n in range(500)]
    Spool(settings.spool).write("texts", f"night-{number}", interaction_tables(chats))


def _chat(number: int) -> Interaction:
    return Interaction(
        interaction_id=f"chat-{number}", channel=Channel.CHAT,
        started_at=START + timedelta(days=60, seconds=number % 86_400), duration_ms=60_000,
        source=f"c#{number}", content_hash=f"{number:064x}", language=Language.ZH, queue="Q1",
        transcriber="written",
        utterances=(Utterance(0, Party.CUSTOMER, 0, 0, SAID[number % 5]),),
    )  # fmt: skip


@dataclass
class Reviewer:
    """One person's browser, as far as the server knows."""

    number: int
    seen: Seen
    client: httpx.AsyncClient
    think_s: float
    csrf: str = ""

    async def asked(
        self, kind: str, path: str, form: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Ask for a page and note how long it took."""
        begun = time.perf_counter()
        answer = await (self.client.post(path, data=form) if form else self.client.get(path))
        self.seen.took.setdefault(kind, []).append((time.perf_counter() - begun) * 1000)
        if answer.status_code not in {200, 303, 409}:
            self.seen.errors.append(f"{kind} {answer.status_code}")
        self.seen.heaviest = max(self.seen.heaviest, len(answer.content))
        return answer.status_code, answer.text

    async def work(self, until: float) -> None:
        """Page, filter, search, open and judge until the time is over."""
        drawing = random.Random(self.number)  # noqa: S311 - a drawing, no secret
        while time.monotonic() < until:
            _, page = await self.asked(
                "worklist", f"/worklist?state=&after={drawing.randrange(900)}"
            )
            token = re.search(r'name="csrf" value="(\w+)"', page)
            self.csrf = token[1] if token else self.csrf
            await asyncio.sleep(self.think_s * drawing.random())
            queue = drawing.randrange(12)
            await self.asked("filter", f"/worklist?state=&queue=Q{queue}&severity=critical")
            await self.asked("search", f"/worklist?state=&q={drawing.choice(WORDS)}")
            about = drawing.choice(re.findall(r"/interaction\?id=(chat-\d+)", page) or [""])
            _, page = await self.asked("interaction", f"/interaction?id={about}")
            await asyncio.sleep(self.think_s * drawing.random())
            form = _FORM.search(page)
            if form:
                await self.judge(about, form[1], form[2])

    async def judge(self, about: str, finding: str, seen: str) -> None:
        """Give a verdict; somebody may have been faster."""
        form = {
            "id": about, "finding": finding, "seen": seen, "cause": "", "decision": "confirmed",
            "note": "", "csrf": self.csrf,
        }  # fmt: skip
        status, _ = await self.asked("verdict", "/verdict", form)
        if status == 303:
            self.seen.acknowledged.add(finding)


async def _working(number: int, until: float, seen: Seen, think_s: float) -> None:
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{PORT}", cookies={COOKIE: f"t{number}"}, timeout=60
    ) as client:
        try:
            await Reviewer(number, seen, client, think_s).work(until)
        except httpx.HTTPError as error:
            if time.monotonic() < until:
                seen.errors.append(type(error).__name__)


async def _all(settings: Settings, seen: Seen, plan: Plan) -> None:
    until = time.monotonic() + plan.seconds
    workers = [
        asyncio.create_task(_working(n, until, seen, plan.think_s)) for n in range(plan.reviewers)
    ]
    number = 0
    while time.monotonic() < until:
        await asyncio.to_thread(arriving, settings, number)
        number += 1
        await asyncio.sleep(min(plan.every_s, max(0.0, until - time.monotonic())))
    await asyncio.gather(*workers)


def served(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the console in a process of its own and wait until it answers."""
    command = [sys.executable, "-m", "console", "--centre", str(settings.folder), "console"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    for _ in range(600):
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/alive")
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return process
    msg = "the console does not answer"
    raise TimeoutError(msg)


@dataclass(frozen=True)
class Plan:
    """How large and how long."""

    interactions: int
    reviewers: int
    seconds: float
    think_s: float
    every_s: float


def run(plan: Plan) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and what else is to be said."""
    with tempfile.TemporaryDirectory() as name:
        settings = make(Path(name), plan.interactions, plan.reviewers)
        seen = Seen()
        process = served(settings)
        try:
            asyncio.run(_all(settings, seen, plan))
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        with open_desk(settings) as desk, desk.warehouse.snapshot() as look:
            kept = {row[0] for row in look.rows("SELECT finding_id FROM verdicts")}
            peer = _peer(desk.warehouse)
    figures: Figures = {kind: {"ours": _figures(took)} for kind, took in sorted(seen.took.items())}
    for kind, took in peer.items():
        figures[kind]["views"] = _figures(took)
    figures["whole"] = {
        "ours": {
            "requests": float(sum(map(len, seen.took.values()))),
            "errors": float(len(seen.errors)),
            "acknowledged": float(len(seen.acknowledged)),
            "lost": float(len(seen.acknowledged - kept)),
            "heaviest_kb": round(seen.heaviest / 1000, 1),
        }
    }
    return figures, sorted({f"error: {one}" for one in seen.errors})


def _figures(took: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(float(np.percentile(took, 50)), 1),
        "p95_ms": round(float(np.percentile(took, 95)), 1),
    }


def _peer(warehouse: Warehouse) -> dict[str, list[float]]:
    """Ask the views alone, without a page around it and with nobody else about."""

    def timed(ask: Callable[[], object]) -> list[float]:
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            ask()
            took.append((time.perf_counter() - begun) * 1000)
        return took

    def scan() -> None:
        with warehouse.snapshot() as look:
            look.rows(
                "SELECT w.position FROM worklist w WHERE interaction_id IN ("
                "SELECT interaction_id FROM utterances WHERE text LIKE '%退款%') "
                "ORDER BY position LIMIT 50"
            )

    return {
        "worklist": timed(lambda: worklist(warehouse, limit=50)),
        "filter": timed(lambda: worklist(warehouse, limit=50, only=WorklistFilter(queue="Q3"))),
        "search": timed(scan),
    }


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    parser = options(__doc__, quick="a small warehouse and few reviewers, under a minute")
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    chosen = parser.parse_args()
    plan = Plan(chosen.interactions, chosen.reviewers, chosen.seconds, 12.0, 5.0)
    if chosen.quick:
        plan = replace(plan, interactions=20_000, reviewers=4, seconds=10.0, think_s=0.5)
    figures, said = run(plan)
    columns = dict.fromkeys(("p50_ms", "p95_ms", "heaviest_kb"), ".1f")
    columns |= dict.fromkeys(("requests", "errors", "acknowledged", "lost"), ".0f")
    show(figures, columns, title="The console under load", as_json=chosen.json, absent=said)


if __name__ == "__main__":
    main()
