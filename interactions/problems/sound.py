"""Problems of recordings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "not_audio": said(
            "文件内容不是可识别的录音",
            "请确认导出的是录音；无文件头的裸流（G.711、G.722 等）请先封装成 WAV",
            "the content is no sound file that is known here, whatever its name says",
            "export the recording itself; wrap headerless sound (raw G.711, G.722) in WAV first",
        ),
        "damaged": said(
            "{container} 录音已损坏，无法解码（{why}）",
            "请从录音系统重新导出该文件",
            "the {container} file is damaged and its sound cannot be decoded ({why})",
            "export the file again from the system that wrote it",
        ),
        "several_streams": said(
            "文件里有 {streams} 条音频流，分不清该用哪一条",
            "请导出单流文件，或每一方一个文件",
            "the file holds {streams} streams of sound and nothing says which one to use",
            "export one stream (its two tracks are fine) or one file per side",
        ),
        "no_sound": said(
            "文件有头部但没有任何声音",
            "请从录音系统重新导出该文件",
            "the file has a header but no sound behind it",
            "export the file again from the system that wrote it",
        ),
        "too_short": said(
            "录音只有 {milliseconds} 毫秒，少于 {shortest} 毫秒",
            "多为未接通的通话，可以忽略；若通话应更长，请重新导出",
            "the recording lasts {milliseconds} ms, less than {shortest} ms",
            "usually a call that never connected: ignore it; export again if the call was longer",
        ),
        "too_long": said(
            "录音超过 {longest_minutes} 分钟",
            "请确认不是多通电话连成一个文件；确属一通电话时提高时长上限",
            "the recording is longer than {longest_minutes} minutes",
            "check that it is not many calls in one file; if it is one call, raise the limit",
        ),
        "truncated": said(
            "文件不完整：头部写明 {promised_seconds} 秒，实际只有 {seconds} 秒",
            "请重新导出或重新传输该文件",
            "the file is cut off: its header promises {promised_seconds} s, it holds {seconds} s",
            "export it or copy it again",
        ),
        "bad_samples": said(
            "第 {at_seconds} 秒处的采样值无效（NaN、无穷大或远超满刻度）",
            "请用整数 PCM 或 G.711 重新导出该文件",
            "invalid samples (NaN, infinite or far above full scale) at {at_seconds} s",
            "export the file again as integer PCM or G.711",
        ),
        "strange_rate": said(
            "采样率 {rate} Hz 不合常理",
            "请用 8 至 48 kHz 重新导出该文件",
            "a sample rate of {rate} Hz makes no sense for speech",
            "export the file again at 8 to 48 kHz",
        ),
        "too_many_tracks": said(
            "录音有 {tracks} 个声道，只支持单声道或双声道",
            "请按坐席和客户各一个声道导出",
            "the recording has {tracks} tracks; one or two can be told apart",
            "export it with the agent on one track and the customer on the other",
        ),
        "side_not_mono": said(
            "每方一个文件时，文件应为单声道，但这里有 {tracks} 个声道",
            "请导出单声道文件，或只给出这一个双声道文件",
            "with one file per side each must be mono, but one has {tracks} tracks",
            "export mono files, or give the one two-track file alone",
        ),
        "sides_differ": said(
            "两方的录音长度不符：{seconds} 秒和 {other_seconds} 秒",
            "请检查这两个文件是否属于同一通电话",
            "the two sides differ in length: {seconds} s and {other_seconds} s",
            "check that the two files belong to the same call",
        ),
        "tracks_mismatch": said(
            "说明里有 {given} 个声道，录音里有 {found} 个",
            "请改正清单或设置里的声道说明",
            "{given} tracks are described, the recording has {found}",
            "correct the tracks in the manifest or the settings",
        ),
    }
)
