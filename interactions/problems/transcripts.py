"""Problems of transcripts made elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "not_a_transcript": said(
            "不是已知的转写格式（可读：{known}）",
            "请转换成 docs/transcripts.md 里的格式",
            "this is no transcript format we know (known: {known})",
            "turn it into the format of docs/transcripts.md",
        ),
        "broken_transcript": said(
            "转写的 {place} 有误：{reason}",
            "请重新导出；格式见 docs/transcripts.md",
            "the transcript is wrong at {place}: {reason}",
            "export it again; docs/transcripts.md has the format",
        ),
        "transcript_not_completed": said(
            "转写任务没有完成（状态：{status}）",
            "请等任务完成后再导出",
            "the transcription job is not completed (status: {status})",
            "export it when the job is done",
        ),
        "words_beyond_sound": said(
            "转写到 {words_seconds} 秒，录音只有 {seconds} 秒",
            "请检查转写和录音是否属于同一通电话",
            "the transcript runs to {words_seconds} s, the recording lasts {seconds} s",
            "check that transcript and recording belong to the same call",
        ),
    }
)
