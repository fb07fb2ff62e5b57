"""Problems of tables: CSV, JSONL and workbooks, whatever they hold."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "wrong_encoding": said(
            "文字编码既不是 UTF-8 也不是 GB18030",
            "请用 UTF-8 编码重新导出或另存",
            "the text is neither UTF-8 nor GB18030",
            "export it again, or save it, as UTF-8",
        ),
        "not_a_table": said(
            "内容不是 CSV、JSONL 或 XLSX",
            "请导出为这三种格式之一",
            "the content is not CSV, JSONL or XLSX",
            "export it in one of these",
        ),
        "no_header": said(
            "前 {rows} 行里没有可识别的表头（第一行是：{found}）",
            "请加上表头，或在设置里写明列名；可识别的列名见 docs/intake.md",
            "none of the first {rows} rows is a header we know (the first reads: {found})",
            "add a header row, or name the columns in the settings; docs/intake.md lists them",
        ),
        "missing_column": said(
            "缺少“{column}”列（现有列：{found}）",
            "请补上该列，或在设置里写明哪一列是它",
            "the column {column} is missing (there are: {found})",
            "add it, or say in the settings which column it is",
        ),
        "broken_csv_row": said(
            "这一行无法按 CSV 解析：{reason}",
            "请检查引号是否成对，或重新导出",
            "this row is not CSV: {reason}",
            "check that quotation marks are paired, or export it again",
        ),
        "broken_json": said(
            "JSON 在第 {column} 个字符处中断或有误：{reason}",
            "请重新导出；JSONL 须每行一条完整记录",
            "the JSON is cut off or wrong at character {column}: {reason}",
            "export it again; JSONL has one whole record a line",
        ),
        "not_a_record": said(
            "这一条不是“键：值”的记录",
            "每条记录须是一个 JSON 对象",
            "this is not a record of names and values",
            "each record must be one JSON object",
        ),
        "record_too_long": said(
            "这一条记录超过 {limit} 个字符",
            "请确认导出是否正确，例如是否把附件写进了正文",
            "this record is longer than {limit} characters",
            "check the export: an attachment may have been written into the text",
        ),
        "broken_workbook": said(
            "工作簿已损坏，或不是真正的 XLSX：{reason}",
            "请在表格软件中打开并另存为 .xlsx",
            "the workbook is damaged or no XLSX: {reason}",
            "open it in a spreadsheet program and save it as .xlsx",
        ),
        "old_workbook": said(
            "这是旧格式（.xls）或加了密码的工作簿",
            "请去掉密码并另存为 .xlsx",
            "this is an old (.xls) or password-protected workbook",
            "take the password off and save it as .xlsx",
        ),
        "hostile_workbook": said(
            "工作簿里有不该出现的内容（实体定义或解压炸弹），没有打开",
            "请向提供文件的人核实；需要时重新导出",
            "the workbook holds what no export writes (entities, or a decompression bomb)",
            "ask whoever sent it; export it again if it is needed",
        ),
        "served_no_day": said(
            "这一行没有可识别的日期（{found}）",
            "请写成 2026-03-02 这样的日期；列名用“日期”或 day",
            "this row has no day we can read ({found})",
            "write days as 2026-03-02, in a column named day",
        ),
        "served_no_number": said(
            "“{column}”列不是数目：{found}",
            "请填写不小于 0 的数字；这个文件的其他列都是每天的数目",
            "{column} is no number: {found}",
            "write a number from 0 on; every other column of this file counts something by day",
        ),
        "workbook_too_large": said(
            "工作簿解压后有 {size_mb} MB，上限为 {limit_mb} MB",
            "请拆成几个文件，或改用 CSV、JSONL",
            "the workbook unpacks to {size_mb} MB; the limit is {limit_mb} MB",
            "split it, or use CSV or JSONL",
        ),
    }
)
