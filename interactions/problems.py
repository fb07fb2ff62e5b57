"""Why an item cannot be inspected, and what a person does about it: the one list, in two languages.

A problem never stops a batch. The item is set aside under a code of this list; the texts are
looked up when someone reads them, so the warehouse stays free of language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in words. ``{name}`` stands for a value of the problem."""

    because: Mapping[str, str]
    remedy: Mapping[str, str]


def _explain(zh: str, zh_remedy: str, en: str, en_remedy: str) -> Explanation:
    return Explanation(
        because=MappingProxyType({"zh": zh, "en": en}),
        remedy=MappingProxyType({"zh": zh_remedy, "en": en_remedy}),
    )


PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "empty_file": _explain(
            "文件是空的(0 字节)",
            "请从录音系统重新导出该文件",
            "the file is empty (0 bytes)",
            "export the file again from the system that wrote it",
        ),
        "outside_inbox": _explain(
            "文件(或链接所指)在收件夹之外",
            "请把文件本身放进收件夹;链接不跟随到收件夹之外",
            "the file, or what a link leads to, is not in the inbox",
            "put the file itself into the inbox; links out of it are not followed",
        ),
        "not_there": _explain(
            "清单写了这个文件,收件夹里却没有",
            "请补上文件,或改正清单里的文件名(路径相对于清单所在的文件夹)",
            "the manifest names this file, but it is not there",
            "add the file, or correct its name in the manifest (relative to the manifest's folder)",
        ),
        "claimed_twice": _explain(
            "这个文件已被 {first} 的另一行登记为别的通话",
            "请在清单里只留下正确的一行",
            "another row of {first} names this file for another call",
            "keep only the right row in the manifest",
        ),
        "unknown_kind": _explain(
            "不认识这种文件",
            "收件夹里请只放录音、聊天(JSONL、CSV、XLSX)、转写(JSON)和清单",
            "this kind of file is not known",
            "keep recordings, chats (JSONL, CSV, XLSX), transcripts (JSON) and manifests only",
        ),
        "duplicate": _explain(
            "内容与 {first} 完全相同",
            "无需处理;若确实是两次互动,请检查导出是否重复",
            "the same content as {first}",
            "nothing to do; if these were two interactions, look for a doubled export",
        ),
        "id_taken": _explain(
            "编号 {interaction_id} 已被 {first} 使用,内容不同",
            "请给其中一个换编号;要更正旧内容,请用原来的文件名重新导出",
            "the id {interaction_id} belongs to {first}, which has other content",
            "give one of them another id; to correct the old one, export it under its old name",
        ),
        "unexpected": _explain(
            "程序出错({error})",
            "请把日志和这个文件的情况告诉维护者;其余文件不受影响",
            "a mistake of the program ({error})",
            "report it with the log and what this file is; all other files went on",
        ),
        "cannot_open": _explain(
            "文件打不开({why})",
            "请检查文件是否存在、运行本程序的账号是否有读取权限",
            "the file cannot be opened ({why})",
            "check that it exists and that the account this runs under may read it",
        ),
        "not_audio": _explain(
            "文件内容不是可识别的录音",
            "请确认导出的是录音;无文件头的裸流(G.711、G.722 等)请先封装成 WAV",
            "the content is no sound file that is known here, whatever its name says",
            "export the recording itself; wrap headerless sound (raw G.711, G.722) in WAV first",
        ),
        "damaged": _explain(
            "{container} 录音已损坏,无法解码({why})",
            "请从录音系统重新导出该文件",
            "the {container} file is damaged and its sound cannot be decoded ({why})",
            "export the file again from the system that wrote it",
        ),
        "several_streams": _explain(
            "文件里有 {streams} 条音频流,分不清该用哪一条",
            "请导出单流文件,或每一方一个文件",
            "the file holds {streams} streams of sound and nothing says which one to use",
            "export one stream (its two tracks are fine) or one file per side",
        ),
        "no_sound": _explain(
            "文件有头部但没有任何声音",
            "请从录音系统重新导出该文件",
            "the file has a header but no sound behind it",
            "export the file again from the system that wrote it",
        ),
        "too_short": _explain(
            "录音只有 {milliseconds} 毫秒,少于 {shortest} 毫秒",
            "多为未接通的通话,可以忽略;若通话应更长,请重新导出",
            "the recording lasts {milliseconds} ms, less than {shortest} ms",
            "usually a call that never connected: ignore it; export again if the call was longer",
        ),
        "too_long": _explain(
            "录音超过 {longest_minutes} 分钟",
            "请确认不是多通电话连成一个文件;确属一通电话时提高时长上限",
            "the recording is longer than {longest_minutes} minutes",
            "check that it is not many calls in one file; if it is one call, raise the limit",
        ),
        "truncated": _explain(
            "文件不完整:头部写明 {promised_seconds} 秒,实际只有 {seconds} 秒",
            "请重新导出或重新传输该文件",
            "the file is cut off: its header promises {promised_seconds} s, it holds {seconds} s",
            "export it or copy it again",
        ),
        "bad_samples": _explain(
            "第 {at_seconds} 秒处的采样值无效(NaN、无穷大或远超满刻度)",
            "请用整数 PCM 或 G.711 重新导出该文件",
            "invalid samples (NaN, infinite or far above full scale) at {at_seconds} s",
            "export the file again as integer PCM or G.711",
        ),
        "strange_rate": _explain(
            "采样率 {rate} Hz 不合常理",
            "请用 8 至 48 kHz 重新导出该文件",
            "a sample rate of {rate} Hz makes no sense for speech",
            "export the file again at 8 to 48 kHz",
        ),
        "too_many_tracks": _explain(
            "录音有 {tracks} 个声道,只支持单声道或双声道",
            "请按坐席和客户各一个声道导出",
            "the recording has {tracks} tracks; one or two can be told apart",
            "export it with the agent on one track and the customer on the other",
        ),
        "side_not_mono": _explain(
            "每方一个文件时,文件应为单声道,但这里有 {tracks} 个声道",
            "请导出单声道文件,或只给出这一个双声道文件",
            "with one file per side each must be mono, but one has {tracks} tracks",
            "export mono files, or give the one two-track file alone",
        ),
        "sides_differ": _explain(
            "两方的录音长度不符:{seconds} 秒和 {other_seconds} 秒",
            "请检查这两个文件是否属于同一通电话",
            "the two sides differ in length: {seconds} s and {other_seconds} s",
            "check that the two files belong to the same call",
        ),
        "tracks_mismatch": _explain(
            "说明里有 {given} 个声道,录音里有 {found} 个",
            "请改正清单或配置里的声道说明",
            "{given} tracks are described, the recording has {found}",
            "correct the tracks in the manifest or the settings",
        ),
        "words_beyond_sound": _explain(
            "转写到 {words_seconds} 秒,录音只有 {seconds} 秒",
            "请检查转写和录音是否属于同一通电话",
            "the transcript runs to {words_seconds} s, the recording lasts {seconds} s",
            "check that transcript and recording belong to the same call",
        ),
        "wrong_encoding": _explain(
            "文字编码既不是 UTF-8 也不是 GB18030",
            "请用 UTF-8 编码重新导出或另存",
            "the text is neither UTF-8 nor GB18030",
            "export it again, or save it, as UTF-8",
        ),
        "not_a_table": _explain(
            "内容不是 CSV、JSONL 或 XLSX",
            "请导出为这三种格式之一",
            "the content is not CSV, JSONL or XLSX",
            "export it in one of these",
        ),
        "no_header": _explain(
            "前 {rows} 行里没有可识别的表头(第一行是:{found})",
            "请加上表头,或在设置里写明列名;可识别的列名见 docs/intake.md",
            "none of the first {rows} rows is a header we know (the first reads: {found})",
            "add a header row, or name the columns in the settings; docs/intake.md lists them",
        ),
        "missing_column": _explain(
            "缺少“{column}”列(现有列:{found})",
            "请补上该列,或在设置里写明哪一列是它",
            "the column {column} is missing (there are: {found})",
            "add it, or say in the settings which column it is",
        ),
        "broken_csv_row": _explain(
            "这一行无法按 CSV 解析:{reason}",
            "请检查引号是否成对,或重新导出",
            "this row is not CSV: {reason}",
            "check that quotation marks are paired, or export it again",
        ),
        "broken_json": _explain(
            "JSON 在第 {column} 个字符处中断或有误:{reason}",
            "请重新导出;JSONL 须每行一条完整记录",
            "the JSON is cut off or wrong at character {column}: {reason}",
            "export it again; JSONL has one whole record a line",
        ),
        "not_a_record": _explain(
            "这一条不是“键: 值”的记录",
            "每条记录须是一个 JSON 对象",
            "this is not a record of names and values",
            "each record must be one JSON object",
        ),
        "record_too_long": _explain(
            "这一条记录超过 {limit} 个字符",
            "请确认导出是否正确,例如是否把附件写进了正文",
            "this record is longer than {limit} characters",
            "check the export: an attachment may have been written into the text",
        ),
        "broken_workbook": _explain(
            "工作簿已损坏,或不是真正的 XLSX:{reason}",
            "请在表格软件中打开并另存为 .xlsx",
            "the workbook is damaged or no XLSX: {reason}",
            "open it in a spreadsheet program and save it as .xlsx",
        ),
        "old_workbook": _explain(
            "这是旧格式(.xls)或加了密码的工作簿",
            "请去掉密码并另存为 .xlsx",
            "this is an old (.xls) or password-protected workbook",
            "take the password off and save it as .xlsx",
        ),
        "hostile_workbook": _explain(
            "工作簿里有不该出现的内容(实体定义或解压炸弹),没有打开",
            "请向提供文件的人核实;需要时重新导出",
            "the workbook holds what no export writes (entities, or a decompression bomb)",
            "ask whoever sent it; export it again if it is needed",
        ),
        "workbook_too_large": _explain(
            "工作簿解压后有 {size_mb} MB,上限为 {limit_mb} MB",
            "请拆成几个文件,或改用 CSV、JSONL",
            "the workbook unpacks to {size_mb} MB; the limit is {limit_mb} MB",
            "split it, or use CSV or JSONL",
        ),
        "no_time": _explain(
            "没有开始时间",
            "请在清单、旁注文件、文件名规则或记录里给出时间;系统从不猜测时间",
            "there is no start time",
            "give it in a manifest, a sidecar, the file name or the record; it is never guessed",
        ),
        "unreadable_time": _explain(
            "“{column}”里的时间“{value}”无法识别",
            "请写成 2026-01-31 09:05:00 这样的形式,或在设置里写明时间格式",
            "the time {value!r} in {column} cannot be read",
            "write it like 2026-01-31 09:05:00, or give its format in the settings",
        ),
        "unknown_timezone": _explain(
            "不认识的时区“{value}”",
            "请使用 Asia/Shanghai 或 +08:00 这样的写法",
            "there is no time zone {value!r}",
            "write it like Asia/Shanghai or +08:00",
        ),
        "unknown_value": _explain(
            "“{column}”列的值“{value}”不认识",
            "可用的值:{allowed}",
            "{column} has the unknown value {value!r}",
            "it takes: {allowed}",
        ),
        "id_lost_digits": _explain(
            "编号“{value}”被表格软件变成了数字,后面的位数已丢失",
            "请把该列设为文本格式后重新导出",
            "a spreadsheet turned the id {value} into a number and its last digits are lost",
            "set that column to text and export it again",
        ),
        "row_without_file": _explain(
            "这一行没有写明文件",
            "请填写文件列,或填写坐席文件和客户文件两列",
            "this row names no file",
            "fill in the file column, or the agent's and the customer's file columns",
        ),
        "manifest_conflict": _explain(
            "文件“{file}”在第 {first} 行和第 {second} 行的信息不一致",
            "请只保留正确的一行",
            "rows {first} and {second} say different things about {file}",
            "keep the right one only",
        ),
        "file_outside_folder": _explain(
            "“{value}”指向接入文件夹之外",
            "请写相对于清单所在文件夹的路径",
            "{value!r} points outside the intake folder",
            "write the path relative to the manifest's folder",
        ),
        "name_does_not_match": _explain(
            "文件名不符合规则 {pattern}",
            "请修改文件名或规则,或用清单给出信息",
            "the file name does not match the pattern {pattern}",
            "change the name or the pattern, or give a manifest",
        ),
        "no_messages": _explain(
            "没有任何文字内容",
            "请检查导出是否包含消息正文",
            "there is no text in it",
            "check that the export holds the messages' text",
        ),
        "unknown_role": _explain(
            "不知道“{role}”是客服、客户还是系统",
            "请在聊天设置的 roles 里写明",
            "it is unknown whether {role!r} is agent, customer or system",
            "say so under roles in the chat settings",
        ),
        "not_a_transcript": _explain(
            "不是已知的转写格式(可读:{known})",
            "请转换成 docs/transcripts.md 里的格式",
            "this is no transcript format we know (known: {known})",
            "turn it into the format of docs/transcripts.md",
        ),
        "broken_transcript": _explain(
            "转写的 {place} 有误:{reason}",
            "请重新导出;格式见 docs/transcripts.md",
            "the transcript is wrong at {place}: {reason}",
            "export it again; docs/transcripts.md has the format",
        ),
        "transcript_not_completed": _explain(
            "转写任务没有完成(状态:{status})",
            "请等任务完成后再导出",
            "the transcription job is not completed (status: {status})",
            "export it when the job is done",
        ),
        "warehouse_busy": _explain(
            "另一个进程正在使用数据仓库(进程号 {pid},{program})",
            "请等它结束或将其关闭后再试;只想查看时,可以复制该文件后打开副本",
            "another process has the warehouse open (PID {pid}, {program})",
            "wait until it ends or close it, then try again; to look only, open a copy of the file",
        ),
        "warehouse_open_here": _explain(
            "本进程已经以另一种方式打开了数据仓库",
            "请先关闭,再以新的方式打开",
            "this process has the warehouse open already, in another mode",
            "close it before opening it in the new mode",
        ),
        "warehouse_missing": _explain(
            "数据仓库还不存在",
            "请先运行一次 `tingjian run`",
            "there is no warehouse yet",
            "run `tingjian run` first",
        ),
        "warehouse_newer": _explain(
            "数据仓库由更新版本的听检建立(结构 {found},本版本为 {newest})",
            "请升级听检",
            "the warehouse was made by a newer version (schema {found}, this version has {newest})",
            "upgrade tingjian",
        ),
        "warehouse_older": _explain(
            "数据仓库的结构 {found} 比本版本的 {newest} 旧",
            "请先运行一次 `tingjian run`,结构会自动升级",
            "the warehouse has schema {found}, this version needs {newest}",
            "run `tingjian run` once: it brings the warehouse up to date",
        ),
        "warehouse_foreign": _explain(
            "这个文件不是 DuckDB 数据库",
            "请换一个文件名,或移走该文件;数据仓库可以由 spool 文件夹重建",
            "the file is not a DuckDB database",
            "name another file, or move this one away: the warehouse can be rebuilt from the spool",
        ),
        "warehouse_closed": _explain(
            "数据仓库无法打开({error})",
            "请检查文件夹是否存在、是否有权限;文件损坏时可由 spool 文件夹重建",
            "the warehouse cannot be opened ({error})",
            "check that the folder exists and may be written; a damaged file can be rebuilt from "
            "the spool",
        ),
        "corrupt_shard": _explain(
            "分片文件 {file} 已损坏或缺失({error}),未写入数据仓库",
            "请将文件夹 {folder} 移出 spool,下次运行会重新生成",
            "the shard's file {file} is damaged or missing ({error}); it was not committed",
            "move the folder {folder} out of the spool: the next run does its work again",
        ),
        "unfit_shard": _explain(
            "分片的内容不符合本版本的数据仓库({error}),未写入",
            "请升级听检;如果仍然如此,请将该分片移出 spool,下次运行会重新生成",
            "the shard does not fit this version's warehouse ({error}); it was not committed",
            "upgrade tingjian; if that does not help, move the shard out of the spool: the next "
            "run does its work again",
        ),
        "row_without_conversation": _explain(
            "这一行没有会话编号",
            "请补上会话编号;它决定这条消息属于哪一次会话",
            "this row has no conversation id",
            "fill it in: it says which chat the message belongs to",
        ),
        "same_id_twice": _explain(
            "编号“{value}”在文件里出现两次,内容不同",
            "请确认哪一条是对的,或给它们不同的编号",
            "the id {value} stands for two different records in this file",
            "keep the right one, or give them different ids",
        ),
    }
)


class Unreadable(Exception):  # noqa: N818 - reads as what it is: this item is unreadable
    """An item that is set aside.

    Args:
        item: Path relative to the intake folder, with ``#record`` for one of many in a file.
        code: A key of ``PROBLEMS``.
        values: What the explanation's ``{name}`` places stand for.
    """

    def __init__(self, item: str, code: str, **values: str | float) -> None:
        self.item = item
        self.code = code
        self.values = values
        super().__init__(f"{item}: {explain(code, values, 'en')}")


def explain(code: str, values: Mapping[str, str | float], language: str) -> str:
    """Return ``because; remedy`` in ``language`` (``zh`` or ``en``)."""
    explanation = PROBLEMS[code]
    stop = ";" if language == "zh" else "; "
    text = f"{explanation.because[language]}{stop}{explanation.remedy[language]}"
    return text.format_map(dict(values))
