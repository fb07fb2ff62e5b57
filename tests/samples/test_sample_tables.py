from __future__ import annotations

from datetime import datetime
from zipfile import ZipFile

from openpyxl import load_workbook

from samples.tables import write_csv, write_xlsx

HEADER = ("会话编号", "产品", "发送时间", "内容")
ROWS = [
    ["a", "空调", datetime(2026, 3, 1, 9, 0, 1), "你好"],  # noqa: DTZ001 - local, as exported
    ["a", "空调", datetime(2026, 3, 1, 9, 0, 9), "说"],  # noqa: DTZ001
    ["b", "冰箱", datetime(2026, 3, 1, 9, 5, 0), "不制冷,坏了"],  # noqa: DTZ001
]


def test_workbook_holds_the_rows_and_no_moment_of_writing(tmp_path):
    path = tmp_path / "x.xlsx"
    write_xlsx(path, HEADER, ROWS)
    book = load_workbook(path)
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert rows == [list(HEADER), *ROWS]
    assert book.properties.modified.year == book.properties.created.year == 2026
    assert book.properties.modified.month == book.properties.created.month == 1
    with ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_merged_columns_cover_the_rows_of_one_conversation(tmp_path):
    path = tmp_path / "x.xlsx"
    write_xlsx(path, HEADER, ROWS, merged_columns=2)
    sheet = load_workbook(path).worksheets[0]
    assert sorted(str(block) for block in sheet.merged_cells.ranges) == ["A2:A3", "B2:B3"]
    assert sheet["A2"].value == "a"
    assert sheet["A3"].value is None
    assert sheet["D3"].value == "说"


def test_csv_is_as_spreadsheet_programs_write_it(tmp_path):
    path = tmp_path / "x.csv"
    write_csv(path, HEADER, ROWS)
    content = path.read_bytes()
    assert content.startswith("\ufeff会话编号,产品".encode())
    assert content.endswith('b,冰箱,2026-03-01 09:05:00,"不制冷,坏了"\r\n'.encode())
    write_csv(path, HEADER, ROWS, encoding="gb18030")
    assert path.read_bytes().decode("gb18030").startswith("会话编号,产品")
