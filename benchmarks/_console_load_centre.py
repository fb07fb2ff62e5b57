"""A large centre for ``console_load``: interactions, ten findings each, a year of verdicts.

The rows are made in the warehouse itself. Identifiers are hashes, as real ones are, so that no
order of theirs helps anybody to find a row; the rows of one interaction lie together, as shards
bring them.
"""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from console.web.passwords import token_hash
from pipelines.desk import open_desk
from pipelines.settings import Settings, load
from warehouse.rows import said_tables
from warehouse.said import Account
from warehouse.search import TextIndex, tokens
from warehouse.sessions import SignedIn, keep_session
from warehouse.spool import Spool
from warehouse.store import Warehouse, open_warehouse

RULES, PLAN, ENGINE, VERSION = 40, "p", "e", "1-aaaaaaaa"
MESSAGES = 4
SHAPES = 997
"""So many different interactions, by what is said in them."""
_ABOUT = (
    *("我的订单", "上周买的除湿机", "会员续费", "运费险", "优惠券", "电子发票", "这张信用卡"),
    *("宽带账号", "换货的衣服", "预约的安装", "积分", "快递柜里的包裹", "保修卡", "充值的话费"),
    *("海外仓的货", "押金", "定制的窗帘", "儿童座椅", "机票改签", "体检套餐"),
)
_SAID = (
    *("退款一直没有到账", "还没有人处理", "请帮我查一下", "我要投诉你们", "怎么开发票"),
    *("已经解决了谢谢", "显示系统错误", "被重复扣费了", "和描述的不一样", "一直联系不上客服"),
    *("可以换一个吗", "要等多久", "地址填错了", "少发了一件", "再不处理我就去12315"),
)
WORDS = ("退款", "fapiao", "投诉你们", "tui kuan", "儿童座椅 少发", "12315", "体检套餐退款")
"""Searched for; the first is said in more than every third interaction."""
_ID = "'chat-' || md5(i::VARCHAR)[:16]"
_INTERACTIONS = f"""
INSERT INTO interactions BY NAME
SELECT {_ID} AS interaction_id, 'chat' AS channel,
    TIMESTAMPTZ '2026-03-01 00:00:00+00' + INTERVAL (i * 8) SECOND AS started_at,
    60000 AS duration_ms, 'chats-' || (i // 5000) || '.jsonl#' || i AS source,
    md5('c' || i) AS content_hash, 'zh' AS language,
    'A' || (i % 800) AS agent, 'T' || (i % 40) AS team, 'Q' || (i % 12) AS queue,
    'C' || (i * 7919 % 300000) AS customer, 'P' || (i % 30) AS product,
    '{{}}' AS attributes, 'written' AS transcriber, NULL AS trust, NULL AS role_confidence
FROM range($n) t(i)
"""  # noqa: S608 - constants
_UTTERANCES = f"""
INSERT INTO utterances BY NAME
SELECT {_ID} AS interaction_id, seq::INTEGER AS seq,
    if(seq % 2 = 0, 'customer', 'agent') AS party, seq * 15000 AS start_ms, seq * 15000 AS end_ms,
    list_extract($said::VARCHAR[], ((i % {SHAPES}) * {MESSAGES} + seq + 1)::INTEGER) AS text,
    [] AS words, NULL AS confidence, NULL AS dropped_because
FROM range($n) t(i), range({MESSAGES}) s(seq) ORDER BY i, seq
"""  # noqa: S608 - constants
_FINDINGS = f"""
INSERT INTO findings BY NAME
SELECT md5(i || '/' || k)[:20] AS finding_id, {_ID} AS interaction_id,
    'rule-' || ((i * 7 + k) % {RULES}) AS rule_id, '{VERSION}' AS rule_version,
    list_extract(['minor', 'minor', 'major', 'major', 'critical'],
        (((i * 7 + k) % {RULES}) % 5 + 1)::INTEGER) AS severity,
    '{ENGINE}' AS engine, 15000 AS start_ms, 15000 AS end_ms, 0.9 AS score
FROM range($n) t(i), range(20) s(k) WHERE k < i % 21 ORDER BY i, k
"""  # noqa: S608 - constants
_EVIDENCE = """
INSERT INTO evidence BY NAME
SELECT finding_id, interaction_id, 0 AS seq, start_ms, end_ms, 'phrase' AS because,
    'customer' AS party, 1 AS utterance_seq, '退款' AS quote, '' AS measure, NULL AS value,
    '' AS unit, NULL AS threshold, 0.9 AS score FROM findings
"""
_MEASURES = f"""
INSERT INTO measures
SELECT {_ID}, list_extract(['talk_share', 'reply_gap', 'messages', 'dissatisfaction_risk',
        'question_share', 'length'], (m + 1)::INTEGER),
    if(m < 2, 'agent', NULL), hash(i * 10 + m) % 1000 / 1000.0, 'share', '', '{ENGINE}'
FROM range($n) t(i), range(6) s(m) ORDER BY i, m;
INSERT INTO not_measured
SELECT {_ID}, 'rule-' || (38 + m), '{VERSION}', '{ENGINE}', 'no_sound'
FROM range($n) t(i), range(2) s(m) ORDER BY i, m;
"""  # noqa: S608 - constants
_KEPT = f"""
INSERT INTO plans VALUES ('{PLAN}', 1);
INSERT INTO plan_rules SELECT '{PLAN}', 'rule-' || i, '{VERSION}',
    list_extract(['minor', 'minor', 'major', 'major', 'critical'], (i % 5 + 1)::INTEGER),
    '规则' || i, 'Rule ' || i FROM range({RULES}) t(i);
INSERT INTO inspections SELECT interaction_id, '{PLAN}', '{ENGINE}' FROM interactions;
INSERT INTO origins SELECT 'interaction', interaction_id, '', 1 FROM interactions;
INSERT INTO origins SELECT 'inspection', interaction_id, '{PLAN}', 2 FROM interactions;
INSERT INTO worklist
SELECT row_number() OVER (ORDER BY n DESC, interaction_id)::INTEGER, interaction_id,
    n / 21.0, hash(interaction_id) % 50 = 0, rules
FROM (SELECT interaction_id, count(*) AS n, list(DISTINCT rule_id ORDER BY rule_id)[:5] AS rules
    FROM findings GROUP BY interaction_id)
"""  # noqa: S608 - constants
_SAID_BEFORE = """
INSERT INTO verdicts
SELECT md5('v' || f.finding_id)[:20], f.finding_id, f.interaction_id, f.rule_id, f.rule_version,
    if(hash(f.finding_id) % 5 = 0, 'rejected', 'confirmed'), NULL, 'r' || (hash(f.rule_id) % 50),
    TIMESTAMPTZ '2026-04-01 00:00:00+00' + INTERVAL (hash(f.finding_id) % 7776000) SECOND, ''
FROM findings f WHERE hash(f.finding_id) % 100 = 0;
INSERT INTO assignments
SELECT md5('a' || interaction_id), interaction_id, 'r' || (hash(interaction_id) % 50), 'lead',
    TIMESTAMPTZ '2026-04-01 00:00:00+00' + INTERVAL (position) SECOND
FROM worklist WHERE hash(interaction_id) % 50 = 1;
INSERT INTO audit
SELECT md5('u' || interaction_id), 'listen', interaction_id, '', 'r' || (hash(interaction_id) % 50),
    TIMESTAMPTZ '2026-04-01 00:00:00+00' + INTERVAL (position) SECOND
FROM worklist WHERE hash(interaction_id) % 10 = 2
"""


def said() -> list[list[str]]:
    """Return what is said in each shape of interaction: few sentences often, many seldom."""
    every = [about + what for what in _SAID for about in _ABOUT]

    def drawn(shape: int, seq: int) -> str:
        share = ((shape * 31 + seq * 257) % SHAPES) / SHAPES
        return every[int(len(every) * share**2)]

    return [[drawn(shape, seq) for seq in range(MESSAGES)] for shape in range(SHAPES)]


def make(folder: Path, count: int, reviewers: int) -> tuple[Settings, pa.Table]:
    """Make a centre whose console has so many interactions, ten findings each on average.

    One that is there already is used again.

    Returns:
        The centre, and its worklist.
    """
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    (folder / "tingjian.toml").write_text(f"[console]\nport = {port}\n", "utf-8")
    (folder / "inbox").mkdir(exist_ok=True)
    settings = load(folder)
    if not settings.console_warehouse.exists():
        _fill(settings, count)
    with open_warehouse(settings.console_warehouse) as warehouse:
        _people(warehouse, settings, reviewers)
    with open_desk(settings) as desk, desk.warehouse.snapshot() as look:
        return settings, look.table("SELECT * FROM worklist ORDER BY position")


def _fill(settings: Settings, count: int) -> None:
    shapes = said()
    texts = [text for shape in shapes for text in shape]
    with open_warehouse(settings.console_warehouse) as warehouse:
        for sql in (_INTERACTIONS, _UTTERANCES, _FINDINGS, _EVIDENCE):
            warehouse.change(sql, n=count, said=texts)
        for sql in (*_MEASURES.split(";"), *_KEPT.split(";"), *_SAID_BEFORE.split(";")):
            warehouse.change(sql, n=count)
    _index(settings, shapes)


def _people(warehouse: Warehouse, settings: Settings, reviewers: int) -> None:
    now = datetime.now(UTC)
    accounts = [
        Account(
            person_id=f"r{n}", name=f"r{n}", roles=("reviewer",), agent=None, password_hash="",
            is_active=True, quota=40, language="zh", said_by="x", said_at=now,
        )
        for n in range(reviewers)
    ]  # fmt: skip
    Spool(settings.spool).write("said", "people", said_tables(accounts))
    for n in range(reviewers):
        keep_session(warehouse, SignedIn(token_hash(f"t{n}"), f"r{n}", now, now))


def _index(settings: Settings, shapes: list[list[str]]) -> None:
    """Fill the index; each shape's texts are read once, so that this takes minutes, not hours."""
    path = settings.folder / "console.search.sqlite"
    TextIndex(path)
    fed = [tokens(one) for one in shapes]
    with open_warehouse(settings.console_warehouse) as warehouse, warehouse.snapshot() as look:
        ids = [row[0] for row in look.rows("SELECT interaction_id FROM interactions")]

    def rows() -> Iterator[tuple[int, str, str]]:
        return ((i + 1, *fed[i % SHAPES]) for i in range(len(ids)))

    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany("INSERT INTO held VALUES (?, ?)", enumerate(ids, start=1))
        connection.executemany("INSERT INTO texts (rowid, words, sounds) VALUES (?, ?, ?)", rows())
