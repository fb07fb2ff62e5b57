"""Reasons of the voice detectors in words, zh and en."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VOICE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "raised_voice": {
            "zh": "{party}音量比自己平时高 {value} dB（上限 {limit} dB）",
            "en": "{party} was {value} dB louder than usual for them (limit {limit} dB)",
        },
        "raised_pitch": {
            "zh": "{party}音调比自己平时高 {value} 个半音（上限 {limit}）",
            "en": "{party} spoke {value} semitones above their usual pitch (limit {limit})",
        },
        "agitated_voice": {
            "zh": "{party}说话比自己平时激动：激活度 {score}（界限 {least}）",
            "en": "{party} spoke more agitated than usual for them: activation {score} (limit "
            "{least})",
        },
        "flat_voice": {
            "zh": "{party}语调平淡，音高变化只有 {value} 个半音（下限 {limit}）",
            "en": "{party} spoke flatly, within {value} semitones (limit {limit})",
        },
        "heats_up": {
            "zh": "对方说“{quote}”之后，{party}的声音激动起来：激活度 {score}（界限 {least}）",
            "en": "after “{quote}”, the voice of {party} rose and stayed up: activation {score} "
            "(limit {least})",
        },
        "heats_up_untold": {
            "zh": "{party}的声音激动起来：激活度 {score}（界限 {least}）",
            "en": "the voice of {party} rose and stayed up: activation {score} (limit {least})",
        },
        "rushing": {
            "zh": "{party}语速急促：每分钟 {value} 字（英文按词），快于自己平时（界限 {limit}）",
            "en": "{party} rushed: {value} characters or words a minute, faster than usual for "
            "them (limit {limit})",
        },
        "unusual_loudness": {
            "zh": "{party}这句话的音量与自己平时相差 {value} dB，超过平时波动的 {limit} 倍",
            "en": "{party} was {value} dB off their usual loudness, beyond {limit} times their "
            "usual spread",
        },
        "unusual_pitch": {
            "zh": "{party}这句话的音高与自己平时相差 {value} 个半音，超过平时波动的 {limit} 倍",
            "en": "{party} was {value} semitones off their usual pitch, beyond {limit} times their "
            "usual spread",
        },
        "unusual_pitch_range": {
            "zh": "{party}这句话的音高起伏与自己平时相差 {value} 个半音，超过平时波动的 {limit} 倍",
            "en": "the melody of {party} was {value} semitones off its usual width, beyond {limit} "
            "times their usual spread",
        },
        "unusual_balance": {
            "zh": "{party}这句话的声音明暗与自己平时相差 {value} dB，超过平时波动的 {limit} 倍",
            "en": "the voice of {party} was {value} dB off its usual brightness, beyond {limit} "
            "times their usual spread",
        },
        "unusual_speed": {
            "zh": "{party}这句话的语速与自己平时相差 {value}%，超过平时波动的 {limit} 倍",
            "en": "{party} was {value} percent off their usual speed, beyond {limit} times their "
            "usual spread",
        },
        "loudness_neighbour": {
            "zh": "{party}前后两次说话音量相差 {value} dB（上限 {limit} dB）",
            "en": "{party} changed by {value} dB from one turn to the next (limit {limit} dB)",
        },
        "loudness_whole": {
            "zh": "{party}最响与最轻的一次说话相差 {value} dB（上限 {limit} dB）",
            "en": "{party} differs by {value} dB between quietest and loudest turn (limit {limit} "
            "dB)",
        },
        "loudness_usual": {
            "zh": "{party}这次说话与自己平时音量相差 {value} dB（上限 {limit} dB）",
            "en": "{party} was {value} dB off their usual loudness (limit {limit} dB)",
        },
    }
)
