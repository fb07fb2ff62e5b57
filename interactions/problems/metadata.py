"""Problems of what is said about an item: times, zones, ids, values, names of files."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "no_time": said(
            "没有开始时间",
            "请在清单、旁注文件、文件名规则或记录里给出时间；系统从不猜测时间",
            "there is no start time",
            "give it in a manifest, a sidecar, the file name or the record; it is never guessed",
        ),
        "unreadable_time": said(
            "“{column}”里的时间“{value}”无法识别",
            "请写成 2026-01-31 09:05:00 这样的形式，或在设置里写明时间格式",
            "the time {value!r} in {column} cannot be read",
            "write it like 2026-01-31 09:05:00, or give its format in the settings",
        ),
        "unknown_timezone": said(
            "不认识的时区“{value}”",
            "请使用 Asia/Shanghai 或 +08:00 这样的写法",
            "there is no time zone {value!r}",
            "write it like Asia/Shanghai or +08:00",
        ),
        "unknown_value": said(
            "“{column}”列的值“{value}”不认识",
            "可用的值：{allowed}",
            "{column} has the unknown value {value!r}",
            "it takes: {allowed}",
        ),
        "id_lost_digits": said(
            "编号“{value}”被表格软件变成了数字，后面的位数已丢失",
            "请把该列设为文本格式后重新导出",
            "a spreadsheet turned the id {value} into a number and its last digits are lost",
            "set that column to text and export it again",
        ),
        "name_does_not_match": said(
            "文件名不符合规则 {pattern}",
            "请修改文件名或规则，或用清单给出信息",
            "the file name does not match the pattern {pattern}",
            "change the name or the pattern, or give a manifest",
        ),
    }
)
