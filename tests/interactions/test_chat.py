from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from interactions.chat import ChatLayout, read_chats
from interactions.interaction import Channel, Interaction, Language
from interactions.items import item_of
from interactions.problems import Unreadable
from interactions.sound import Party

START = datetime(2026, 1, 31, 1, 5, tzinfo=UTC)
MESSAGES = [
    {"role": "user", "text": "在吗", "time": "2026-01-31 09:05:00"},
    {"role": "客服小美", "text": "您好，请讲", "time": "2026-01-31 09:05:12.500"},
    {"role": "user", "text": "我要退款", "time": "2026-01-31 09:06:00"},
]
CHAT = {"id": "c-1", "客服工号": 8001, "用户ID": "u-7", "满意度": 2, "messages": MESSAGES}
CSV = """\
会话ID,发送方,发送时间,内容,客服,客户,消息ID,满意度
c-1,客户,2026-01-31 09:05:00,在吗,,u-7,1,2
c-2,客户,2026-01-31 09:05:05,你好,,u-8,2,5
c-1,客服,2026-01-31 09:05:12.500,您好，请讲,8001,u-7,3,2
c-1,客户,2026-01-31 09:06:00,我要退款,,u-7,4,2
c-2,客服,2026-01-31 09:07:00,再见,8002,u-8,5,5
"""


def written(folder: Path, content: str | bytes, name: str = "chats.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines(folder: Path, *records: object) -> Path:
    text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return written(folder, text, "chats.jsonl")


def saved(path: Path, rows: Sequence[Sequence[object]], *merges: str) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(path)
    return path


def read(path: Path, **settings: object) -> tuple[list[Interaction], list[tuple[str, str]]]:
    layout = settings.pop("layout", ChatLayout())
    assert isinstance(layout, ChatLayout)
    found = list(read_chats(path, item=path.name, layout=layout, **settings))  # type: ignore[arg-type]
    kept = [one for one in found if isinstance(one, Interaction)]
    return kept, [(one.item, one.code) for one in found if isinstance(one, Unreadable)]


def said(interaction: Interaction) -> list[tuple[Party, int, str]]:
    return [(u.party, u.start_ms, u.text) for u in interaction.utterances]


def test_one_chat_a_record(tmp_path: Path) -> None:
    (made,), problems = read(lines(tmp_path, CHAT))
    assert problems == []
    assert replace(made, utterances=(), content_hash="") == Interaction(
        interaction_id="c-1",
        channel=Channel.CHAT,
        started_at=START,
        duration_ms=60_000,
        source="chats.jsonl#c-1",
        content_hash="",
        language=Language.ZH,
        agent="8001",
        customer="u-7",
        attributes={"满意度": 2},
        transcriber="written",
        trust=1.0,
        role_confidence=1.0,
    )
    assert said(made) == [
        (Party.CUSTOMER, 0, "在吗"),
        (Party.AGENT, 12_500, "您好，请讲"),
        (Party.CUSTOMER, 60_000, "我要退款"),
    ]
    assert [u.seq for u in made.utterances] == [0, 1, 2]
    assert all(u.start_ms == u.end_ms for u in made.utterances)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_one_message_a_row_with_chats_interleaved(tmp_path: Path, encoding: str) -> None:
    made, problems = read(written(tmp_path, CSV.encode(encoding)))
    assert problems == []
    assert [m.interaction_id for m in made] == ["c-1", "c-2"]
    assert made[0].agent == "8001"
    assert made[0].attributes == {"满意度": 2}
    assert said(made[1]) == [(Party.CUSTOMER, 0, "你好"), (Party.AGENT, 115_000, "再见")]


def test_the_same_chat_in_two_exports_is_one(tmp_path: Path) -> None:
    from_json = read(lines(tmp_path, CHAT))[0][0]
    from_csv = read(written(tmp_path, CSV))[0][0]
    rows = [line.split(",") for line in CSV.splitlines()]
    from_xlsx = read(saved(tmp_path / "chats.xlsx", rows))[0][0]
    assert from_json.content_hash == from_csv.content_hash == from_xlsx.content_hash
    other = {**CHAT, "messages": MESSAGES[:2]}
    assert read(lines(tmp_path, other))[0][0].content_hash != from_json.content_hash


def test_merged_cells_of_a_spreadsheet(tmp_path: Path) -> None:
    rows = [
        ["会话编号", "角色", "内容", "时间"],
        ["c-1", "客户", "在吗", datetime(2026, 1, 31, 9, 5)],  # noqa: DTZ001 - as Excel has it
        [None, "客服", "您好", 46053.3791666667],
        [None, "客服", None, 46053.3795],
        ["c-2", "客户", "退款", "2026-01-31 10:00"],
    ]
    made, problems = read(saved(tmp_path / "chats.xlsx", rows, "A2:A4", "C3:C4"))
    assert problems == []
    assert [m.interaction_id for m in made] == ["c-1", "c-2"]
    assert said(made[0]) == [(Party.CUSTOMER, 0, "在吗"), (Party.AGENT, 60_000, "您好")]
    assert made[0].attributes == {"messages_without_text": 1}


def test_tickets_with_answers(tmp_path: Path) -> None:
    text = (
        "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n"
        "188006,A1,停车难,2019-02-28 11:25:05,小区捆绑车位,已转交,2019/3/1 9:00:00\n"
        "188007,A2,停车难,2019-02-28 11:25:05,,,\n"
    )
    made, problems = read(written(tmp_path, text))
    assert problems == []
    assert (made[0].channel, made[0].customer, made[0].interaction_id) == (
        *(Channel.TICKET, "A1", "188006"),
    )
    assert said(made[0]) == [
        (Party.CUSTOMER, 0, "停车难\n小区捆绑车位"),
        (Party.AGENT, 77_695_000, "已转交"),
    ]
    assert said(made[1]) == [(Party.CUSTOMER, 0, "停车难")]


def test_emails(tmp_path: Path) -> None:
    text = 'subject,sender,date,body\nRefund,ann@x.org,"Sat, 31 Jan 2026 09:05:00 +0800",Please.\n'
    (made,), problems = read(written(tmp_path, text))
    assert problems == []
    assert (made.channel, made.customer, made.started_at) == (Channel.EMAIL, "ann@x.org", START)
    assert made.interaction_id == f"email-{made.content_hash[:16]}"
    assert said(made) == [(Party.CUSTOMER, 0, "Refund\nPlease.")]


def test_one_chat_per_file(tmp_path: Path) -> None:
    text = "时间,发送人,内容\n2026-01-31 09:05,客户,在吗\n2026-01-31 09:06,客服,在\n"
    assert read(written(tmp_path, text))[1] == [("chats.csv", "missing_column")]
    (made,), problems = read(written(tmp_path, text), layout=ChatLayout(one_chat_per_file=True))
    assert (problems, made.source, len(made.utterances)) == ([], "chats.csv", 2)


def test_own_names_of_columns_and_roles(tmp_path: Path) -> None:
    text = "sid,who,what,at\n1,A,你好,31.01.2026 09:05\n1,K,在吗,31.01.2026 09:06\n"
    layout = ChatLayout(
        columns={"sid": "conversation", "who": "role", "what": "text", "at": "sent_at"},
        roles={"A": Party.AGENT, "K": Party.CUSTOMER},
        channel=Channel.EMAIL,
        written_as="%d.%m.%Y %H:%M",
    )
    (made,), problems = read(written(tmp_path, text), layout=layout)
    assert problems == []
    assert (made.channel, made.started_at) == (Channel.EMAIL, START)
    assert [u.party for u in made.utterances] == [Party.AGENT, Party.CUSTOMER]


def test_a_chat_without_time_is_set_aside_unless_a_person_gives_the_day(tmp_path: Path) -> None:
    turns = [{"role": "user", "text": "在吗"}, {"role": "agent", "text": "在"}]
    path = lines(tmp_path, {"id": 1, "turns": turns})
    assert read(path) == ([], [("chats.jsonl#1", "no_time")])
    (made,), _ = read(path, layout=ChatLayout(assumed_date=date(2026, 1, 31)))
    assert made.started_at == datetime(2026, 1, 30, 16, tzinfo=UTC)
    assert made.attributes == {"assumed_date": "2026-01-31", "untimed_messages": 2}


def test_messages_without_time_stand_at_the_one_before(tmp_path: Path) -> None:
    messages = [*MESSAGES[:2], {"role": "user", "text": "谢谢"}]
    (made,), _ = read(lines(tmp_path, {**CHAT, "messages": messages}))
    assert [u.start_ms for u in made.utterances] == [0, 12_500, 12_500]
    assert made.attributes["untimed_messages"] == 1


@pytest.mark.parametrize(
    ("order", "back"), [([0, 1, 2], 0), ([2, 1, 0], 2), ([1, 0, 2], 1), ([2, 0, 1], 1)]
)
def test_messages_are_put_in_order_and_it_is_said(
    tmp_path: Path, order: list[int], back: int
) -> None:
    (made,), _ = read(lines(tmp_path, {**CHAT, "messages": [MESSAGES[i] for i in order]}))
    assert [u.text for u in made.utterances] == ["在吗", "您好，请讲", "我要退款"]
    assert made.attributes.get("reordered_messages", 0) == back
    assert made.started_at == START


def test_newest_first_turns_round_messages_of_one_second(tmp_path: Path) -> None:
    at = "2026-01-31 09:05:0"
    messages = [["agent", "三", at + "1"], ["user", "二", at + "0"], ["user", "一", at + "0"]]
    (made,), _ = read(lines(tmp_path, {"id": 1, "messages": messages}))
    assert [u.text for u in made.utterances] == ["一", "二", "三"]


def test_a_start_before_the_first_message_counts(tmp_path: Path) -> None:
    (made,), _ = read(lines(tmp_path, {**CHAT, "开始时间": "2026-01-31 09:04:00"}))
    assert made.started_at == START - timedelta(minutes=1)
    assert made.utterances[0].start_ms == 60_000


def test_naive_times_are_in_the_configured_zone(tmp_path: Path) -> None:
    (made,), _ = read(lines(tmp_path, CHAT), timezone="UTC")
    assert made.started_at == START + timedelta(hours=8)
    assert read(lines(tmp_path, CHAT), timezone="Mars")[1] == [("chats.jsonl", "unknown_timezone")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"messages": []}, "no_messages"),
        ({"messages": [{"role": "user", "text": " "}]}, "no_messages"),
        ({"messages": [{"role": "小王", "text": "好", "time": "2026-01-31"}]}, "unknown_role"),
        ({"messages": [{"role": "user", "text": "好", "time": "soon"}]}, "unreadable_time"),
        ({"messages": ["客服: 您好"]}, "not_a_record"),
        ({"messages": [{"role": "user", "text": "x" * (1 << 21)}]}, "record_too_long"),
        ({"开始时间": "昨天"}, "unreadable_time"),
        ({"渠道": "飞鸽"}, "unknown_value"),
    ],
)
def test_one_bad_record_costs_only_itself(
    tmp_path: Path, change: dict[str, object], code: str
) -> None:
    made, problems = read(lines(tmp_path, CHAT, {**CHAT, "id": "c-2", **change}, {**CHAT, "id": 3}))
    assert [m.interaction_id for m in made] == ["c-1", "3"]
    assert problems == [("chats.jsonl#c-2", code)]


def test_broken_lines(tmp_path: Path) -> None:
    text = (
        json.dumps(CHAT) + '\n{"id": "c-2", "messages": [{"role"\n' + json.dumps({**CHAT, "id": 3})
    )
    made, problems = read(written(tmp_path, text, "chats.jsonl"))
    assert [m.interaction_id for m in made] == ["c-1", "3"]
    assert problems == [("chats.jsonl#2", "broken_json")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_file"),
        (b"\x00\x01\x02\x03" * 50, "not_a_table"),
        ("甲,乙\n1,2\n", "no_header"),
        ("会话ID,内容,时间\n1,好,2026-01-31\n1,不,2026-01-31\n", "missing_column"),
        ("会话ID,角色,时间\n1,客户,2026-01-31\n", "missing_column"),
    ],
)
def test_files_that_cannot_be_read_at_all(tmp_path: Path, content: str | bytes, code: str) -> None:
    assert read(written(tmp_path, content)) == ([], [("chats.csv", code)])


def test_rows_without_conversation_and_ids_given_twice(tmp_path: Path) -> None:
    text = "会话ID,角色,内容,时间\n,客户,好,2026-01-31\n1,客户,好,2026-01-31\n"
    made, problems = read(written(tmp_path, text))
    assert ([m.interaction_id for m in made], problems) == (
        *(["1"], [("chats.csv#2", "row_without_conversation")]),
    )
    made, problems = read(lines(tmp_path, CHAT, CHAT, {**CHAT, "messages": MESSAGES[:1]}))
    assert len(made) == 2
    assert problems == [("chats.jsonl#3", "same_id_twice")]


def test_the_agents_own_name_as_role(tmp_path: Path) -> None:
    messages = [
        {"role": "8001", "text": "您好", "time": "2026-01-31 09:05"},
        {"role": "u-7", "text": "好"},
    ]
    (made,), _ = read(lines(tmp_path, {**CHAT, "messages": messages}))
    assert [u.party for u in made.utterances] == [Party.AGENT, Party.CUSTOMER]


def test_an_unnamed_sender_lowers_the_confidence(tmp_path: Path) -> None:
    messages = [*MESSAGES[:1], {"text": "您好", "time": "2026-01-31 09:06"}]
    (made,), _ = read(lines(tmp_path, {**CHAT, "messages": messages}))
    assert made.utterances[1].party is Party.UNKNOWN
    assert made.role_confidence == 0.5


def test_text_is_kept_as_written_and_can_be_stored(tmp_path: Path) -> None:
    markup = "<script>alert(1)</script> '; DROP TABLE x; -- =cmd()"
    messages = [
        {"role": "user", "text": markup, "time": "2026-01-31 09:05"},
        {"role": "user", "text": "好\ud83d\r\n的"},
    ]
    path = written(tmp_path, json.dumps({**CHAT, "messages": messages}), "chats.jsonl")
    (made,), _ = read(path)
    assert [u.text for u in made.utterances] == [markup, "好\ufffd\n的"]


def test_records_are_read_one_by_one(tmp_path: Path) -> None:
    path = lines(tmp_path, *({**CHAT, "id": i} for i in range(200)))
    chats = read_chats(path, item="chats.jsonl")
    first = next(chats)
    assert isinstance(first, Interaction)
    assert first.interaction_id == "0"


def test_reading_twice_is_the_same(tmp_path: Path) -> None:
    assert read(written(tmp_path, CSV)) == read(written(tmp_path, CSV))


@pytest.mark.eval
def test_real_dialogues_and_complaints(eval_folder: Path) -> None:
    dialogues = eval_folder / "text/dialogues_zh/stc3.jsonl"
    assert {code for _, code in read(dialogues)[1]} == {"no_time"}
    made, problems = read(dialogues, layout=ChatLayout(assumed_date=date(2020, 1, 1)))
    assert (len(made), problems) == (3_077, [])
    assert {u.party for m in made for u in m.utterances} == {Party.AGENT, Party.CUSTOMER}
    tickets, problems = read(eval_folder / "text/complaints_zh/messages.jsonl")
    assert (len(tickets), problems) == (4_326, [])
    assert {t.channel for t in tickets} == {Channel.TICKET}
    assert len({t.content_hash for t in tickets}) == 4_326


@pytest.mark.parametrize("name", [b"\xbf\xcd\xb7\xfe.csv", b"a\n\x1b[2J.csv", b"-rf *.wav"])
def test_hostile_file_names(tmp_path: Path, name: bytes) -> None:
    path = written(tmp_path, CSV, os.fsdecode(name))
    item = item_of(path, folder=tmp_path)
    made = [one for one in read_chats(path, item=item) if isinstance(one, Interaction)]
    assert [m.source for m in made] == [f"{item}#c-1", f"{item}#c-2"]
    assert all(m.source.isprintable() and m.source.encode("utf-8") for m in made)


def test_a_mail_that_says_only_when_it_was_sent_is_dated_by_that(tmp_path: Path) -> None:
    path = tmp_path / "mails.csv"
    path.write_text(
        "邮件编号,主题,正文,发送时间,回复,回复时间\n"
        "M1,退款,还没到账,2026-03-01 09:00,已处理,2026-03-02 10:00\n",
        encoding="utf-8",
    )
    (mail,) = read_chats(path, item="mails.csv")
    assert isinstance(mail, Interaction)
    assert mail.interaction_id == "M1"
    assert mail.started_at.isoformat() == "2026-03-01T01:00:00+00:00"
    assert [u.start_ms for u in mail.utterances] == [0, 25 * 3_600_000]
