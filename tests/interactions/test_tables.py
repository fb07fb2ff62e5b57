"""CSV, JSON lines and XLSX as rows: encodings, damage and hostile workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from interactions.problems import Unreadable
from interactions.tables.reading import rows_of
from interactions.tables.row import LONGEST_RECORD, Row

ZH = "会话ID,发送方,内容\n1,客服,您好，请问有什么可以帮您\n1,客户,我要投诉，快递三天没有到\n"


def is_header(cells: Sequence[str]) -> bool:
    return "内容" in cells


def read(path: Path) -> list[Row | Unreadable]:
    return list(rows_of(path, item=path.name, is_header=is_header)())


def cells(path: Path) -> list[dict[str, object]]:
    return [dict(row.cells) for row in read(path) if isinstance(row, Row)]


def problem_of(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(path)
    return caught.value


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_of_csv(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.csv", ZH.encode(encoding))
    assert cells(path)[1] == {"会话ID": "1", "发送方": "客户", "内容": "我要投诉，快递三天没有到"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_json_lines(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.jsonl", '{"内容": "我要投诉"}\n\n{"内容": 2}\n'.encode(encoding))
    assert cells(path) == [{"内容": "我要投诉"}, {"内容": 2}]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separators_and_titles_above_the_header(tmp_path: Path, separator: str) -> None:
    text = f"聊天记录导出\n\n会话ID{separator}内容\n1{separator}您好\n"
    found = read(written(tmp_path / "a.csv", text))
    assert found == [Row(4, {"会话ID": "1", "内容": "您好"})]


def test_quoted_cells_keep_lines_and_commas(tmp_path: Path) -> None:
    text = '会话ID,内容\r\n1,"一,二\r\n三 ""四"""\r\n2,五\r\n'
    found = read(written(tmp_path / "a.csv", text))
    assert [row.number for row in found if isinstance(row, Row)] == [2, 4]
    assert cells(tmp_path / "a.csv")[0]["内容"] == '一,二\r\n三 "四"'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not_a_table"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "not_a_table"),
        ("内容\n".encode() + "退款要求".encode("big5") * 200, "wrong_encoding"),
        (b"a,b\n" + bytes(range(128, 256)) * 20, "wrong_encoding"),
        ("一,二\n三,四\n", "no_header"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 100, "old_workbook"),
        (b"PK\x03\x04 this is no workbook", "broken_workbook"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes | str, code: str) -> None:
    problem = problem_of(written(tmp_path / "a.csv", content))
    assert (problem.item, problem.code) == ("a.csv", code)


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "gone.csv").code == "cannot_open"


def test_one_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    good = "1,您好您好您好您好您好\n" * 200
    content = ("会话ID,内容\n" + good).encode() + b"2,\xff\xfe\n" + good.encode()
    found = read(written(tmp_path / "a.csv", content))
    problems = [row for row in found if isinstance(row, Unreadable)]
    assert [(p.item, p.code) for p in problems] == [("a.csv#202", "wrong_encoding")]
    assert len(found) == 401


def test_rows_too_wide_or_too_long(tmp_path: Path) -> None:
    text = f"会话ID,内容\n1,a,b\n2,{'x' * (LONGEST_RECORD + 5)}\n3,好,\n"
    found = read(written(tmp_path / "a.csv", text))
    assert [row.code for row in found if isinstance(row, Unreadable)] == [
        "broken_csv_row",
        "record_too_long",
    ]
    assert cells(tmp_path / "a.csv") == [{"会话ID": "3", "内容": "好"}]


def test_broken_json_lines_are_told_by_line(tmp_path: Path) -> None:
    text = '{"内容": "好"}\n{"内容": "断\n[1, 2]\n7\n{"内容": NaN}\n' + "[" * 100_000 + "\n"
    found = read(written(tmp_path / "a.jsonl", text))
    problems = [(row.item, row.code) for row in found if isinstance(row, Unreadable)]
    assert problems == [
        ("a.jsonl#2", "broken_json"),
        ("a.jsonl#3", "not_a_record"),
        ("a.jsonl#4", "not_a_record"),
        ("a.jsonl#6", "broken_json"),
    ]
    assert cells(tmp_path / "a.jsonl") == [{"内容": "好"}, {}]


@pytest.mark.parametrize(
    "text", ['[{"内容": "一"}, {"内容": "二"}]', ' [\n{"内容": "一"},{"内容": "二"}]']
)
def test_one_array_of_records(tmp_path: Path, text: str) -> None:
    assert cells(written(tmp_path / "a.json", text)) == [{"内容": "一"}, {"内容": "二"}]


def test_one_record_over_many_lines(tmp_path: Path) -> None:
    assert cells(written(tmp_path / "a.json", '{\n  "内容": "一"\n}\n')) == [{"内容": "一"}]


def saved(path: Path, rows: Sequence[Sequence[object]], *merges: str) -> Path:
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def test_merged_cells_belong_to_all_their_rows(tmp_path: Path) -> None:
    rows = [
        ["聊天记录", None, None],
        ["会话ID", "发送方", "内容"],
        ["A1", "客户", "在吗"],
        [None, "客服", "您好"],
        [None, "客户", "退款"],
        ["A2", "客户", "你好"],
    ]
    path = saved(tmp_path / "a.xlsx", rows, "A1:C1", "A3:A5")
    assert [c["会话ID"] for c in cells(path)] == ["A1", "A1", "A1", "A2"]
    found = [row for row in read(path) if isinstance(row, Row)]
    assert [row.number for row in found] == [3, 4, 5, 6]
    assert [row.repeated for row in found] == [set(), {"会话ID"}, {"会话ID"}, set()]


def test_a_sheet_of_notes_before_the_data(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["说明", "由系统导出"])
    book.create_sheet("数据").append(["会话ID", "内容"])
    book["数据"].append([7, "好_x000D_的"])
    book.save(tmp_path / "a.xlsx")
    assert cells(tmp_path / "a.xlsx") == [{"会话ID": 7, "内容": "好\r的"}]


def test_no_sheet_has_a_header(tmp_path: Path) -> None:
    problem = problem_of(saved(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]]))
    assert problem.code == "no_header"
    assert problem.values["found"] == "甲 | 乙"


def with_part(source: Path, target: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return target


BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)
OUTSIDE = BILLION.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("sheet", [BILLION, OUTSIDE])
def test_entities_are_hostile(tmp_path: Path, sheet: bytes) -> None:
    good = saved(tmp_path / "good.xlsx", [["会话ID", "内容"], [1, "好"]])
    path = with_part(good, tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", sheet)
    assert problem_of(path).code == "hostile_workbook"


def test_a_decompression_bomb_is_not_opened(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.xlsx", [["会话ID", "内容"], [1, "好"]])
    path = with_part(good, tmp_path / "a.xlsx", "xl/media/bomb.xml", b"0" * (60 << 20))
    assert problem_of(path).code == "hostile_workbook"


@pytest.mark.parametrize(
    "sheet",
    [
        b"<worksheet",
        b"not xml",
        BILLION.partition(b"]>")[2].replace(b'r="1"', b'r="x"').replace(b"&b;", b""),
    ],
)
def test_damaged_sheets(tmp_path: Path, sheet: bytes) -> None:
    good = saved(tmp_path / "good.xlsx", [["会话ID", "内容"], [1, "好"]])
    path = with_part(good, tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", sheet)
    assert problem_of(path).code == "broken_workbook"


def test_a_row_number_beyond_every_sheet_ends_it(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.xlsx", [["会话ID", "内容"], [1, "好"]])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    path = with_part(good, tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", sheet)
    assert problem_of(path).code in {"no_header", "broken_workbook"}


def test_a_truncated_workbook(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.xlsx", [["会话ID", "内容"], [1, "好"]])
    path = written(tmp_path / "a.xlsx", good.read_bytes()[:3000])
    assert problem_of(path).code == "broken_workbook"
