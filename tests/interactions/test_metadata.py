from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from interactions.interaction import Channel, Language
from interactions.metadata import (
    FilePattern,
    Metadata,
    merged,
    read_manifest,
    read_sidecar,
)
from interactions.moments import Times
from interactions.problems import Unreadable
from interactions.sound import Party

START = datetime(2026, 1, 31, 1, 5, tzinfo=UTC)
ZH = """\
文件,开始时间,坐席,班组,技能组,客户号码,产品,坐席声道,渠道,语种,满意度,订单号,备注
录音/a.wav,2026-01-31 09:05:00,8001,一组,投诉,13800138000,宽带,左,电话,普通话,5,0012,是
录音\\b.wav,2026/1/31 9:05,8002,二组,投诉,13900139000,宽带,右,热线,zh-CN,,,
"""
EN = """\
file,start time,agent,team,queue,customer,product,agent_track,channel,language,CSAT
a.wav,2026-01-31T09:05:00+08:00,8001,one,complaints,c-1,fibre,left,phone,English,5
"""


def written(folder: Path, text: str | bytes, name: str = "manifest.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def saved(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def codes(problems: Sequence[Unreadable]) -> list[tuple[str, str]]:
    return [(problem.item, problem.code) for problem in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_chinese_manifest(tmp_path: Path, encoding: str) -> None:
    manifest = read_manifest(written(tmp_path, ZH.encode(encoding)))
    assert manifest.problems == ()
    first, second = manifest.rows
    assert first == Metadata(
        files=("录音/a.wav",),
        tracks=(Party.AGENT, Party.CUSTOMER),
        started_at=START,
        channel=Channel.VOICE,
        language=Language.ZH,
        agent="8001",
        team="一组",
        queue="投诉",
        customer="13800138000",
        product="宽带",
        attributes={"满意度": 5, "订单号": "0012", "备注": "是"},
    )
    assert second.files == ("录音/b.wav",)
    assert second.tracks == (Party.CUSTOMER, Party.AGENT)
    assert second.attributes == {}


def test_an_english_manifest(tmp_path: Path) -> None:
    (row,) = read_manifest(written(tmp_path, EN)).rows
    assert (row.started_at, row.team, row.language) == (START, "one", Language.EN)
    assert row.attributes == {"CSAT": 5}


def test_the_same_rows_in_three_formats(tmp_path: Path) -> None:
    header, *rows = [line.split(",") for line in EN.splitlines()]
    lines = [json.dumps(dict(zip(header, row, strict=True))) for row in rows]
    sheet = [[int(c) if c.isdigit() else c for c in row] for row in rows]
    made = [
        read_manifest(written(tmp_path, EN)),
        read_manifest(written(tmp_path, "\n".join(lines), "manifest.jsonl")),
        read_manifest(saved(tmp_path / "manifest.xlsx", [header, *sheet])),
    ]
    assert made[0] == made[1] == made[2]


def test_one_file_per_side(tmp_path: Path) -> None:
    text = (
        "坐席录音,客户录音,通话ID,时间\na.wav,c.wav,7,2026-01-31 09:05\nb.wav,,8,2026-01-31 09:05\n"
    )
    both, alone = read_manifest(written(tmp_path, text)).rows
    assert (both.files, both.tracks) == (("a.wav", "c.wav"), (Party.AGENT, Party.CUSTOMER))
    assert (alone.files, alone.tracks) == (("b.wav",), (Party.AGENT,))
    assert both.interaction_id == "7"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("时区,开始时间", "UTC,2026-01-31 01:05"),
        ("timezone,started_at", "+09:00,2026-01-31 10:05"),
        ("日期,时间", "2026-01-31,09:05:00"),
        ("通话日期,开始时间", "2026年1月31日,上午9:05"),
        ("开始时间,备注", "46053.378472222,x"),
    ],
)
def test_times_in_their_columns(tmp_path: Path, header: str, cells: str) -> None:
    (row,) = read_manifest(written(tmp_path, f"文件,{header}\na.wav,{cells}\n")).rows
    assert row.started_at is not None
    assert abs((row.started_at - START).total_seconds()) < 0.01


def test_spreadsheet_dates(tmp_path: Path) -> None:
    local = START.astimezone(UTC).replace(tzinfo=None, hour=9)
    rows = [["文件", "日期", "时间"], ["a.wav", local.date(), time(9, 5)], ["b.wav", None, local]]
    made = read_manifest(saved(tmp_path / "m.xlsx", rows))
    assert [row.started_at for row in made.rows] == [START, START]


def test_a_configured_zone_and_form(tmp_path: Path) -> None:
    path = written(tmp_path, "file,started_at\na.wav,31.01.2026 02:05\n")
    times = Times(timezone="Europe/Berlin", written_as="%d.%m.%Y %H:%M")
    assert read_manifest(path, times=times).rows[0].started_at == START
    assert codes(read_manifest(path).problems) == [("manifest.csv#2", "unreadable_time")]


def test_own_column_names(tmp_path: Path) -> None:
    path = written(tmp_path, "wavname,t0,op\na.wav,2026-01-31 09:05,8001\n")
    columns = {"wavname": "file", "t0": "started_at", "op": "agent"}
    (row,) = read_manifest(path, columns=columns).rows
    assert (row.files, row.started_at, row.agent) == (("a.wav",), START, "8001")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("manifest.csv", "empty_file")]),
        ("甲,乙\n1,2\n", [("manifest.csv", "no_header")]),
        ("开始时间,坐席\n2026-01-31 09:05,8001\n", [("manifest.csv#2", "row_without_file")]),
        ("文件,时间\na.wav,soon\n", [("manifest.csv#2", "unreadable_time")]),
        ("文件,时间\na.wav,1970-01-01\n", [("manifest.csv#2", "unreadable_time")]),
        ("文件,时间,时区\na.wav,2026-01-31,Mars\n", [("manifest.csv#2", "unknown_timezone")]),
        ("文件,渠道\na.wav,飞鸽\n", [("manifest.csv#2", "unknown_value")]),
        ("文件,坐席声道\na.wav,中\n", [("manifest.csv#2", "unknown_value")]),
        ("文件\n../a.wav\n", [("manifest.csv#2", "file_outside_folder")]),
        ("文件\n/etc/passwd\n", [("manifest.csv#2", "file_outside_folder")]),
        ("文件\nC:\\\\a.wav\n", [("manifest.csv#2", "file_outside_folder")]),
        ("文件,通话ID\na.wav,3.83E+15\n", [("manifest.csv#2", "id_lost_digits")]),
        ("文件,坐席\na.wav,1\na.wav,2\n", [("manifest.csv#3", "manifest_conflict")]),
    ],
)
def test_bad_manifests(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    manifest = read_manifest(written(tmp_path, text))
    assert codes(manifest.problems) == expected
    assert manifest.rows == ()


def test_one_bad_row_costs_only_itself(tmp_path: Path) -> None:
    text = (
        "文件,时间\na.wav,2026-01-31\nb.wav,soon\n,2026-01-31\nc.wav,2026-01-31\nc.wav,2026-01-31\n"
    )
    manifest = read_manifest(written(tmp_path, text), item="inbox/m.csv")
    assert [row.files for row in manifest.rows] == [("a.wav",), ("c.wav",)]
    assert codes(manifest.problems) == [
        ("inbox/m.csv#3", "unreadable_time"),
        ("inbox/m.csv#4", "row_without_file"),
    ]


def test_an_id_that_a_spreadsheet_rounded(tmp_path: Path) -> None:
    rows = [["文件", "通话ID"], ["a.wav", 3830401296796826.0], ["b.wav", "3830401296796826"]]
    manifest = read_manifest(saved(tmp_path / "m.xlsx", rows))
    assert [row.interaction_id for row in manifest.rows] == ["3830401296796826"]
    assert codes(manifest.problems) == [("m.xlsx#2", "id_lost_digits")]


def test_sidecars(tmp_path: Path) -> None:
    body = {"开始时间": "2026-01-31 09:05", "agent": 8001, "attributes": {"csat": 4}, "vip": True}
    about = read_sidecar(written(tmp_path, json.dumps(body), "a.meta.json"))
    assert (about.started_at, about.agent) == (START, "8001")
    assert about.attributes == {"csat": 4, "vip": True}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("{", "broken_json"),
        ("[1]", "not_a_record"),
        (b'"\xff"', "wrong_encoding"),
    ],
)
def test_bad_sidecars(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_sidecar(written(tmp_path, text, "a.json"))
    assert (caught.value.item, caught.value.code) == ("a.json", code)


PATTERN = FilePattern(
    expression=r"(?P<agent>\d+)_(?P<customer>\d+)_(?P<started_at>\d{14})_(?P<direction>in|out)\."
)


def test_a_file_name_says_what_its_pattern_reads() -> None:
    about = PATTERN.read("2026/8001_13800138000_20260131090500_in.wav")
    assert about == Metadata(
        agent="8001", customer="13800138000", started_at=START, attributes={"direction": "in"}
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("meeting.wav", "name_does_not_match"),
        ("8001_138_20261331090500_in.wav", "unreadable_time"),
        ("8001_138_\udcff_in.wav", "name_does_not_match"),
    ],
)
def test_a_name_that_cannot_be_read_is_never_now(name: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        PATTERN.read(name)
    assert caught.value.code == code


@pytest.mark.parametrize("expression", ["(", r"\d+"])
def test_bad_patterns_are_refused_at_once(expression: str) -> None:
    with pytest.raises(ValueError, match="file name pattern"):
        FilePattern(expression=expression)


def test_the_earlier_source_is_right() -> None:
    one = Metadata(agent="8001", attributes={"a": 1})
    other = Metadata(agent="8002", team="二组", files=("a.wav",), attributes={"a": 2, "b": 3})
    assert merged(one, other) == Metadata(
        agent="8001", team="二组", files=("a.wav",), attributes={"a": 1, "b": 3}
    )
    assert merged() == Metadata()
