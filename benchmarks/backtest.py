"""Back-test of one new rule over everything that is kept.

The warehouse is made here: generated Mandarin service talk, the same on every machine, 60
utterances an interaction, half of them calls and half chats, over 90 days.

Cases:
    million: one million utterances (``--quick``: 60 000) and one new rule on words.

Engines: ``ours`` (``pipelines.backtest`` with two processes), ``ours_one_process`` (the same with
one), ``plain`` (what re-inspection does: every interaction as it is kept and the whole inspection),
``duckdb_like`` (SQL ``LIKE`` over the raw text: no normal form, no negation, no party's role, no
*not measured*; the floor, not a rule).

Metrics: ``seconds`` by the clock, opening the warehouse included, and ``cpu_seconds`` of all
processes, for machines that others use too; ``found``, how many interactions. The first engine also
pays for building the tables of characters and syllables, as whoever calls the command does.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb

from benchmarks._report import Figures, options, show
from detectors.inspection import compile_plan, inspect
from detectors.rules import Rule, load_rules
from interactions.interaction import Channel, Interaction, Language, Utterance
from interactions.sound import Party
from pipelines.backtest import backtest
from pipelines.settings import Settings
from warehouse.read import interaction_batches
from warehouse.rows import interaction_tables
from warehouse.spool import Spool
from warehouse.store import open_warehouse

UTTERANCES = 60  # an interaction
SHARD = 1_000
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
RULE = """
rules:
  - id: asks-regulator
    version: 1
    title: {zh: 提到监管或投诉, en: Regulator or complaint}
    severity: major
    find:
      phrase:
        party: customer
        any: [我要投诉, 投诉你们, 向消协反映, 打12315, 工信部, 找媒体曝光, 法院见]
        notin: [投诉你们的电话]
"""
LIKE = ("我要投诉", "投诉你们", "向消协反映", "12315", "工信部", "找媒体曝光", "法院见")
AGENT = (
    "您好{0}，很高兴为您服务，请问有什么可以帮您",
    "请您稍等，我帮您查询一下{1}的情况",
    "您这边反映的{1}问题我已经登记好了，{2}之内会有专人联系您",
    "非常抱歉给您带来不便，{1}目前正在处理中",
    "您的{1}一共是{3}元，优惠之后是{4}元",
    "好的，请您提供一下办理{1}时预留的手机号",
    "感谢您的耐心等待，系统显示{1}已经办理成功",
    "如果您对{1}还有疑问，可以拨打我们的服务热线",
)
CUSTOMER = (
    "我想问一下{1}怎么还没有到账，都{2}了",
    "上次那个客服跟我说{2}就能好，现在{1}还是不行",
    "嗯，好的，那{1}什么时候能处理完",
    "我的{1}被扣了{3}块钱，我没有办理过这个业务",
    "不是，我说的是{1}，不是你说的那个",
    "行吧，那我再等{2}看看",
    "你们这个{1}也太慢了吧",
    "手机号是13{3}{4}00，你查一下",
)
ANGRY = (
    "再不给我处理{1}我要投诉你们",
    "我不投诉，就是问问{1}",
    "你们不解决我就打幺二三幺五",
    "我要去工信部反映{1}的事",
    "这样下去只能法院见了",
)
THINGS = ("宽带", "话费", "退款", "套餐", "流量包", "发票", "物流", "会员", "保修", "押金", "积分")
WHENS = ("三天", "一个星期", "二十四小时", "半个月", "两个工作日", "昨天")
GREETINGS = ("张先生", "李女士", "王先生", "陈女士", "")
ANGRY_SHARE = 0.0015  # of the customer's utterances


def interactions(count: int, seed: int = 4) -> Iterator[Interaction]:
    """Yield generated interactions; every seed another set, the same on every machine."""
    chance = random.Random(seed)  # noqa: S311 - a seeded generator is the point
    for number in range(count):
        voice = number % 2 == 0
        yield Interaction(
            interaction_id=f"{'voice' if voice else 'chat'}-{number:08d}",
            channel=Channel.VOICE if voice else Channel.CHAT,
            started_at=START + timedelta(minutes=number * 90 * 24 * 60 // count),
            duration_ms=UTTERANCES * 6_000,
            source=f"generated#{number}",
            content_hash=f"{number:064x}",
            language=Language.ZH,
            agent=f"A{number % 97:03d}",
            team=f"team-{number % 7}",
            queue=f"queue-{number % 11}",
            customer=f"C{number * 7919 % 50_021}",
            utterances=tuple(_utterance(seq, chance) for seq in range(UTTERANCES)),
            transcriber="vendor" if voice else "written",
            trust=0.9,
            role_confidence=1.0,
        )


def _utterance(seq: int, chance: random.Random) -> Utterance:
    party = Party.AGENT if seq % 2 == 0 else Party.CUSTOMER
    said: tuple[str, ...] = AGENT if party is Party.AGENT else CUSTOMER
    if party is Party.CUSTOMER and chance.random() < ANGRY_SHARE:
        said = ANGRY
    text = chance.choice(said).format(
        chance.choice(GREETINGS),
        chance.choice(THINGS),
        chance.choice(WHENS),
        chance.randrange(1_000, 9_999),
        chance.randrange(10, 999),
    )
    return Utterance(seq, party, seq * 6_000, seq * 6_000 + 5_000, text)


def made(folder: Path, utterances: int) -> Settings:
    """Make a centre whose warehouse holds so many utterances."""
    settings = Settings(folder=folder)
    spool = Spool(settings.spool)
    made_so_far: list[Interaction] = []
    with open_warehouse(settings.warehouse) as warehouse:
        for one in interactions(utterances // UTTERANCES):
            made_so_far.append(one)
            if len(made_so_far) == SHARD:
                _keep(warehouse.commit, spool, made_so_far)
        _keep(warehouse.commit, spool, made_so_far)
    return settings


def _keep(commit: Callable[..., bool], spool: Spool, made_so_far: list[Interaction]) -> None:
    if made_so_far:
        key = made_so_far[0].content_hash[-32:]
        commit(spool.write("generated", key, interaction_tables(made_so_far)))
        made_so_far.clear()


def ours(settings: Settings, rule: Rule, *, workers: int) -> int:
    """Back-test as `tingjian rules backtest` does; return how many interactions it finds."""
    return backtest(settings, rule, workers=workers).found


def plain(settings: Settings, rule: Rule) -> int:
    """Rebuild every interaction whole and inspect it whole."""
    plan = compile_plan([rule])
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        return sum(
            bool(inspect(one, plan).findings)
            for batch in interaction_batches(warehouse, size=500)
            for one in batch
        )


def duckdb_like(settings: Settings, rule: Rule) -> int:
    """Count with LIKE over the raw text."""
    del rule
    tests = " OR ".join(f"text LIKE '%{phrase}%'" for phrase in LIKE)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        row = connection.execute(
            "SELECT count(DISTINCT interaction_id) FROM utterances "  # noqa: S608 - constants
            f"WHERE party = 'customer' AND ({tests})"
        ).fetchone()
    return int(row[0]) if row else 0


ENGINES: dict[str, Callable[[Settings, Rule], int]] = {
    "ours": partial(ours, workers=2),
    "ours_one_process": partial(ours, workers=1),
    "plain": plain,
    "duckdb_like": duckdb_like,
}


def run(*, quick: bool) -> Figures:
    """Return ``{case: {engine: {metric: value}}}``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = made(folder, 60_000 if quick else 1_000_000)
        path = folder / "new.yaml"
        path.write_text(RULE, encoding="utf-8")
        (rule,) = load_rules([path]).rules
        figures: dict[str, dict[str, float]] = {}
        for engine, count in ENGINES.items():
            begun, used = time.perf_counter(), _cpu_seconds()
            found = count(settings, rule)
            figures[engine] = {
                "seconds": round(time.perf_counter() - begun, 2),
                "cpu_seconds": round(_cpu_seconds() - used, 2),
                "found": found,
            }
    return {"million": figures}


def _cpu_seconds() -> float:
    """Seconds of computing so far, of this process and of those that it waited for."""
    return sum(os.times()[:4])


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="60 000 utterances, under a minute").parse_args()
    figures = run(quick=chosen.quick)
    columns = {"seconds": ".2f", "cpu_seconds": ".2f", "found": ",.0f"}
    show(figures, columns, title="Back-test of one new rule", as_json=chosen.json)


if __name__ == "__main__":
    main()
