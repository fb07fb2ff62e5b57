"""What a message says, zh and en. Its values were masked when the alert was raised. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from detectors.because import explain
from pipelines.alerts.alarms import evidence_from
from pipelines.alerts.policy import rank
from pipelines.discretion import without_identifiers
from warehouse.read_alerts import StandingAlert

MOST_TOLD = 8
"""Alerts told one by one in a message; the rest are counted. Ours: robots cut at 2 to 20 kB."""

SHOWN_ID = 8
"""Characters of an alert's id in a message: what people type."""

Texts = Mapping[str, Mapping[str, str]]
TEXTS: Texts = MappingProxyType(
    {
        "minor": {"zh": "轻微", "en": "minor"},
        "major": {"zh": "一般", "en": "major"},
        "critical": {"zh": "严重", "en": "critical"},
        "title": {"zh": "【{centre}·{level}】{what}", "en": "[{centre} · {level}] {what}"},
        "more": {"zh": "{what}（共 {count} 条告警）", "en": "{what} ({count} alerts)"},
        "where": {"zh": "会话 {id}，{queue}{at} 开始", "en": "Interaction {id}, {queue}began {at}"},
        "queue": {"zh": "路由队列 {queue}，", "en": "queue {queue}, "},
        "rest": {"zh": "另有 {count} 条，`tingjian alerts list` 全部列出", "en": "and {count} more; `tingjian alerts list` lists them all"},  # noqa: E501
        "answer": {
            "zh": "确认：`tingjian alerts ack {id}`",
            "en": "Acknowledge: `tingjian alerts ack {id}`",
        },
        "message": {"zh": "消息编号 {id}", "en": "Message {id}"},
        "in_doubt": {
            "zh": "这条消息可能重复：上一次发送没有得到回执（编号相同即为同一条）",
            "en": "This message may be a repetition: the attempt before got no receipt (the same "
            "number is the same message)",
        },
        "score": {"zh": "评分表 {title} 的致命项不合格", "en": "Score sheet {title}: a fatal item failed"},  # noqa: E501
        "spike": {"zh": "“{term}”突然增多", "en": "“{term}” is rising"},
        "spike_line": {
            "zh": "{day}：{contacts} 个会话，{customers} 位客户，预期 {expected}；请听 {examples}",
            "en": "{day}: {contacts} contacts of {customers} customers, {expected} expected; "
            "hear {examples}",
        },
        "few_customers": {"zh": "（来自少数客户）", "en": " (from few customers)"},
        "others": {"zh": "；同时增多：{others}", "en": "; with it: {others}"},
        "anomaly_slow": {
            "zh": "“{term}”的占比持续变化",
            "en": "The share of “{term}” keeps changing",
        },
        "anomaly_slow_line": {
            "zh": "四周变为 {ratio} 倍（{low} 至 {high}）",
            "en": "times {ratio} in four weeks ({low} to {high})",
        },
        "anomaly_team": {
            "zh": "班组 {team} 的指标 {measure} 变了",
            "en": "Team {team}: {measure} has changed",
        },
        "anomaly_team_line": {
            "zh": "变化 {change}（{low} 至 {high}），近期会话 {recent} 个",
            "en": "change {change} ({low} to {high}), {recent} recent interactions",
        },
        "missing": {
            "zh": "{within} 秒内没有等到“{name}”",
            "en": "“{name}” did not come within {within} s",
        },
        "run_failed": {"zh": "{flow} 失败", "en": "{flow} failed"},
        "run_failed_line": {
            "zh": "{started_at} 开始的运行没有完成；请看 `tingjian run` 的输出或 Prefect 的日志",
            "en": "The run that began {started_at} did not complete; see the output of "
            "`tingjian run` or Prefect's log",
        },
        "night_missing": {"zh": "没有完成夜间运行", "en": "No night has completed"},
        "night_missing_line": {
            "zh": "上一次完成于 {last}，已过 {hours} 小时",
            "en": "The last one completed at {last}, {hours} hours ago",
        },
        "much_set_aside": {
            "zh": "搁置的内容很多：{aside} / {found}",
            "en": "Much was set aside: {aside} of {found}",
        },
        "much_set_aside_line": {
            "zh": "`tingjian intake` 说明每一项的原因",
            "en": "`tingjian intake` tells each reason",
        },
        "corrupt": {"zh": "暂存分片损坏", "en": "A shard of the spool is corrupt"},
        "corrupt_line": {"zh": "{error}", "en": "{error}"},
        "undelivered": {
            "zh": "渠道 {channel} 送不出去",
            "en": "Channel {channel} does not deliver",
        },
        "undelivered_line": {
            "zh": "已失败 {attempts} 次（{error}）；会继续重试，不会丢失",
            "en": "{attempts} failed attempts ({error}); they go on, nothing is lost",
        },
        "behind": {"zh": "监看跟不上", "en": "The watch is falling behind"},
        "behind_line": {
            "zh": "落后 {seconds} 秒",
            "en": "{seconds} s behind",
        },
        "test": {"zh": "测试消息", "en": "Test message"},
        "test_line": {
            "zh": "这是 `tingjian alerts test` 发出的，不必处理",
            "en": "Sent by `tingjian alerts test`; nothing to do",
        },
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """How messages of a centre are written.

    Attributes:
        language: ``zh`` or ``en``.
        link: Where an interaction is opened; empty: no link.
    """

    centre: str
    language: str
    zone: ZoneInfo
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent: a title, and a body that does not repeat it."""

    message_id: str
    title: str
    body: str


def written(
    message_id: str, told: Sequence[StandingAlert], letter: Letter, *, is_in_doubt: bool = False
) -> Message:
    """Return the message that tells these alerts, the most urgent first."""
    first = told[0]
    what = headline(first, letter.language)
    if len(told) > 1:
        what = _say("more", letter, what=what, count=len(told))
    level = max((one.level for one in told), key=rank)
    title = _say("title", letter, centre=letter.centre, level=_say(level, letter), what=what)
    lines = [
        line for one in told[:MOST_TOLD] for line in _lines(one, letter, is_alone=one is first)
    ]
    if len(told) > MOST_TOLD:
        lines.append(_say("rest", letter, count=len(told) - MOST_TOLD))
    lines.append(_say("answer", letter, id=first.alert_id[:SHOWN_ID]))
    if is_in_doubt:
        lines.append(_say("in_doubt", letter))
    lines.append(_say("message", letter, id=message_id))
    return Message(message_id=message_id, title=title, body="\n".join(lines))


def headline(one: StandingAlert, language: str) -> str:
    """Return what an alert is about, in one line."""
    details = one.details
    if one.source == "finding":
        return str(details[f"title_{language}"])
    if one.source == "score":
        return TEXTS["score"][language].format(title=details[f"title_{language}"])
    text = TEXTS[_code(one)][language].format(**details)
    is_few = details.get("is_few_customers", False)
    return text + (TEXTS["few_customers"][language] if is_few else "")


def reason(one: StandingAlert, language: str, zone: ZoneInfo) -> str:
    """Return why an alert was raised, in one line; empty where its headline says all."""
    evidence = evidence_from(one.details)
    if evidence is not None:
        return explain(evidence, language)
    line = TEXTS.get(f"{_code(one)}_line")
    if line is None:
        return ""
    values = dict(one.details)
    for name in ("started_at", "last"):
        if values.get(name):
            values[name] = _time(str(values[name]), zone)
    values["examples"] = " ".join(values.get("examples", ()))
    others = ("、" if language == "zh" else ", ").join(values.get("others", ()))
    told = line[language].format(**values)
    return told + (TEXTS["others"][language].format(others=others) if others else "")


def _code(one: StandingAlert) -> str:
    """Return the key of the texts of what is no finding."""
    if one.source == "anomaly":
        return f"anomaly_{one.details['kind']}"
    return one.rule_id if one.source == "pipeline" else one.source


def _lines(one: StandingAlert, letter: Letter, *, is_alone: bool) -> list[str]:
    lines = [] if is_alone else [f"— {headline(one, letter.language)}"]
    is_contact = one.source in {"finding", "score", "missing"}
    if is_contact:
        queue = _say("queue", letter, queue=one.queue) if one.queue else ""
        at = _time(str(one.details["started_at"]), letter.zone)
        lines.append(_say("where", letter, id=one.about, queue=queue, at=at))
    why = reason(one, letter.language, letter.zone)
    lines += [why] if why else []
    lines = [without_identifiers(line) for line in lines]
    return [*lines, f"{letter.link}{one.about}"] if letter.link and is_contact else lines


def _time(moment: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _say(key: str, letter: Letter, **values: object) -> str:
    return TEXTS[key][letter.language].format(**values)
