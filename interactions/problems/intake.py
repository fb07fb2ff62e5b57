"""Problems of files and items as they come in: before anything in them is read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "cannot_open": said(
            "文件打不开（{why}）",
            "请检查文件是否存在、运行本程序的账号是否有读取权限",
            "the file cannot be opened ({why})",
            "check that it exists and that the account this runs under may read it",
        ),
        "empty_file": said(
            "文件是空的（0 字节）",
            "请从录音系统重新导出该文件",
            "the file is empty (0 bytes)",
            "export the file again from the system that wrote it",
        ),
        "outside_inbox": said(
            "文件（或链接所指）在收件夹之外",
            "请把文件本身放进收件夹；链接不跟随到收件夹之外",
            "the file, or what a link leads to, is not in the inbox",
            "put the file itself into the inbox; links out of it are not followed",
        ),
        "unknown_kind": said(
            "不认识这种文件",
            "收件夹里请只放录音、聊天（JSONL、CSV、XLSX）、转写（JSON）和清单",
            "this kind of file is not known",
            "keep recordings, chats (JSONL, CSV, XLSX), transcripts (JSON) and manifests only",
        ),
        "not_there": said(
            "清单写了这个文件，收件夹里却没有",
            "请补上文件，或改正清单里的文件名（路径相对于清单所在的文件夹）",
            "the manifest names this file, but it is not there",
            "add the file, or correct its name in the manifest (relative to the manifest's folder)",
        ),
        "claimed_twice": said(
            "这个文件已被 {first} 的另一行登记为别的通话",
            "请在清单里只留下正确的一行",
            "another row of {first} names this file for another call",
            "keep only the right row in the manifest",
        ),
        "sidecar_alone": said(
            "旁边没有它所说明的录音或转写",
            "请补上同名的录音；不需要时删除本文件",
            "there is no recording or transcript beside it",
            "add the recording of the same name, or delete this file",
        ),
        "transcript_unused": said(
            "清单为同名录音指定了另一份转写，这一份没有使用",
            "请改正清单，或删除本文件",
            "the manifest names another transcript for the recording beside it; this one is unused",
            "correct the manifest, or delete this file",
        ),
        "row_without_file": said(
            "这一行没有写明文件",
            "请填写文件列，或填写坐席文件和客户文件两列",
            "this row names no file",
            "fill in the file column, or the agent's and the customer's file columns",
        ),
        "manifest_conflict": said(
            "文件“{file}”在第 {first} 行和第 {second} 行的信息不一致",
            "请只保留正确的一行",
            "rows {first} and {second} say different things about {file}",
            "keep the right one only",
        ),
        "file_outside_folder": said(
            "“{value}”指向收件夹之外",
            "请写相对于清单所在文件夹的路径",
            "{value!r} points outside the inbox",
            "write the path relative to the manifest's folder",
        ),
        "duplicate": said(
            "内容与 {first} 完全相同",
            "无需处理；若确实是两次会话，请检查导出是否重复",
            "the same content as {first}",
            "nothing to do; if these were two interactions, look for a doubled export",
        ),
        "id_taken": said(
            "编号 {interaction_id} 已被 {first} 使用，内容不同",
            "请给其中一个换编号；要更正旧内容，请用原来的文件名重新导出",
            "the id {interaction_id} belongs to {first}, which has other content",
            "give one of them another id; to correct the old one, export it under its old name",
        ),
        "unexpected": said(
            "程序出错（{error}）",
            "请把日志和这个文件的情况告诉维护者；其余文件不受影响",
            "a mistake of the program ({error})",
            "report it with the log and what this file is; all other files went on",
        ),
    }
)
