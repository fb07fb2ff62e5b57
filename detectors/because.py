"""Reasons in words, zh and en: why a finding stands, and why a rule could not be answered.

The warehouse keeps codes and values; the words are looked up when someone reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from detectors.because_voice import VOICE
from detectors.because_wording import WORDING
from detectors.evidence import Evidence
from interactions.sound import Party

FOUND: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "phrase": {"zh": "{party}说了“{quote}”", "en": "{party} said “{quote}”"},
        "phrase_tone": {
            "zh": "{party}说了“{wanted}”（转写为同音的“{quote}”）",
            "en": "{party} said “{wanted}” (transcribed as “{quote}”, which sounds the same)",
        },
        "phrase_near": {
            "zh": "{party}说了“{wanted}”（转写为音近的“{quote}”）",
            "en": "{party} said “{wanted}” (transcribed as “{quote}”, which sounds alike)",
        },
        "phrase_stem": {
            "zh": "{party}说了“{quote}”（“{wanted}”的另一词形）",
            "en": "{party} said “{quote}” (a form of “{wanted}”)",
        },
        "phrase_spelling": {
            "zh": "{party}说了“{wanted}”（写作“{quote}”）",
            "en": "{party} said “{wanted}” (spelt “{quote}”)",
        },
        "missing_phrase": {
            "zh": "{party}在应说的位置没有说规定用语",
            "en": "{party} did not say the expected words where they belong",
        },
        "silence": {
            "zh": "静默 {length}（上限 {most}），事先没有告知",
            "en": "{length} of silence (limit {most}) without notice",
        },
        "silence_announced": {
            "zh": "告知等待后静默 {length}（上限 {most}）",
            "en": "{length} of silence after an announced wait (limit {most})",
        },
        "silence_wordless": {
            "zh": "静默 {length}（上限 {most}）；没有文字，无法得知是否事先告知",
            "en": "{length} of silence (limit {most}); no words, so whether it was announced "
            "is not known",
        },
        "talk_over": {
            "zh": "{party}抢话，重叠 {length}（上限 {most}）",
            "en": "{party} cut in and talked over the other for {length} (limit {most})",
        },
        "slow_reply": {
            "zh": "{party}过了 {length} 才答复（上限 {most}）",
            "en": "{party} answered after {length} (limit {most})",
        },
        "negative_stretch": {
            "zh": "{party}连续负面，平均 {value} 分（界限 {limit}），最负面的是“{quote}”",
            "en": "{party} stayed negative, {value} on average (limit {limit}); worst: “{quote}”",
        },
        "sentiment_drop": {
            "zh": "{party}情绪由开头到结尾下降 {value} 分（界限 {limit}），最负面的是“{quote}”",
            "en": "{party} ended {value} points more negative than they began (limit {limit}); "
            "worst: “{quote}”",
        },
        **WORDING,
        **VOICE,
        "gap": {
            "zh": "前后两条之间隔了 {length}（上限 {most}）",
            "en": "{length} between one message and the next (limit {most})",
        },
        "gap_between": {
            "zh": "前后两条之间只隔了 {length}（界限 {most}）",
            "en": "only {length} between one message and the next (limit {most})",
        },
        "pick_up": {
            "zh": "接通后过了 {length}，{party}才开口（上限 {most}）",
            "en": "{party} began to speak {length} after the beginning (limit {most})",
        },
        "hang_up": {
            "zh": "最后一句之后过了 {length} 才挂断（界限 {most}），最后说话的是{party}",
            "en": "the line closed {length} after the last words (limit {most}), spoken by {party}",
        },
        "hang_up_unclosed": {
            "zh": "没有结束语，最后一句之后 {length} 挂断（界限 {most}），最后说话的是{party}",
            "en": "no closing; the line closed {length} after the last words (limit {most}), "
            "spoken by {party}",
        },
        "unclosed_wait": {
            "zh": "{party}说“{quote}”，等待 {length} 之后没有致谢（界限 {most}）",
            "en": "{party} said “{quote}”, let {length} pass (limit {most}) and did not thank for "
            "the wait",
        },
        "speed_high": {
            "zh": "{party}语速 {value} 字/分（上限 {limit}）",
            "en": "{party} spoke {value} units a minute (limit {limit})",
        },
        "speed_low": {
            "zh": "{party}语速只有 {value} 字/分（下限 {limit}）",
            "en": "{party} spoke only {value} units a minute (limit {limit})",
        },
        "sentiment_share_negative": {
            "zh": "{party}的话有 {value}（份额）是负面的（界限 {limit}），最负面的是“{quote}”",
            "en": "a share of {value} of what {party} said is negative (limit {limit}); worst: "
            "“{quote}”",
        },
        "sentiment_share_positive": {
            "zh": "{party}的话有 {value}（份额）是正面的（界限 {limit}），例如“{quote}”",
            "en": "a share of {value} of what {party} said is positive (limit {limit}), for "
            "example “{quote}”",
        },
        "sentiment_recovery": {
            "zh": "{party}情绪由负面转为正面，上升 {value} 分，最负面时说“{quote}”",
            "en": "{party} turned from negative to positive, by {value} points; worst: “{quote}”",
        },
        "aimed_at_agent": {
            "zh": "{party}对接待的人不满，{value} 分（界限 {limit}）：“{quote}”",
            "en": "{party} was angry at the person, {value} (limit {limit}): “{quote}”",
        },
        "aimed_at_product": {
            "zh": "{party}对产品不满，{value} 分（界限 {limit}）：“{quote}”",
            "en": "{party} was angry at the product, {value} (limit {limit}): “{quote}”",
        },
        "aimed_at_company": {
            "zh": "{party}对公司或规定不满，{value} 分（界限 {limit}）：“{quote}”",
            "en": "{party} was angry at the company or its rules, {value} (limit {limit}): "
            "“{quote}”",
        },
        "aimed_at_refusal": {
            "zh": "{party}礼貌地拒绝：“{quote}”",
            "en": "{party} politely declined: “{quote}”",
        },
        "metadata": {"zh": "随录信息：{quote}", "en": "what the centre knows: {quote}"},
        "metadata_missing": {
            "zh": "随录信息里没有 {quote}",
            "en": "the centre's data do not hold {quote}",
        },
        "measure_high": {
            "zh": "{party}的指标 {quote} 为 {value}（界限 {limit}）",
            "en": "{quote} of {party} is {value} (limit {limit})",
        },
        "measure_low": {
            "zh": "{party}的指标 {quote} 只有 {value}（界限 {limit}）",
            "en": "{quote} of {party} is only {value} (limit {limit})",
        },
        "sorted_as": {
            "zh": "归类为 {wanted}：{party}说了“{quote}”（把握 {score}）",
            "en": "sorted as {wanted}: {party} said “{quote}” (confidence {score})",
        },
        "sorted_so": {
            "zh": "归类为 {wanted}（把握 {score}）",
            "en": "sorted as {wanted} (confidence {score})",
        },
        "missing_after": {
            "zh": "{party}说“{quote}”之后，没有出现应有的内容",
            "en": "after {party} said “{quote}”, what belongs there did not follow",
        },
        "missing_before": {
            "zh": "{party}说“{quote}”之前，没有出现应有的内容",
            "en": "before {party} said “{quote}”, what belongs there did not come",
        },
        "missing_around": {
            "zh": "{party}说“{quote}”的前后，没有出现应有的内容",
            "en": "around “{quote}” of {party}, what belongs there did not come",
        },
        "missing_same": {
            "zh": "{party}说“{quote}”的同一句里，没有应有的内容",
            "en": "the message in which {party} said “{quote}” lacks what belongs there",
        },
        "absent": {
            "zh": "整个会话中没有出现规则所要求的情形",
            "en": "what the rule asks for does not occur in the whole interaction",
        },
    }
)

NOT_MEASURED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "no_words": {"zh": "没有文字", "en": "there are no words"},
        "no_word_times": {"zh": "文字没有逐字时间", "en": "the words have no times"},
        "low_trust": {
            "zh": "转写可信度过低，不能凭没有听到来下结论",
            "en": "the transcript's trust is too low to conclude anything from words not heard",
        },
        "unknown_roles": {
            "zh": "分不清谁是坐席、谁是客户",
            "en": "it is not known who is agent and who is customer",
        },
        "no_sound": {"zh": "没有录音", "en": "there is no sound"},
        "parties_not_apart": {
            "zh": "双方不在各自的声道上（单声道或两轨相同）",
            "en": "the parties are not on tracks of their own (mono or identical tracks)",
        },
        "clipped": {
            "zh": "录音削波，音量不可信",
            "en": "the recording is clipped, so its loudness cannot be believed",
        },
        "automatic_gain": {
            "zh": "线路自动调节音量，音量不可信",
            "en": "the line evens loudness out (automatic gain), so it cannot be believed",
        },
        "narrow_band": {
            "zh": "录音频带过窄，听不出声音明暗",
            "en": "the recorded band is too narrow to tell how bright a voice is",
        },
        "no_contours": {
            "zh": "没有音量和音调曲线",
            "en": "there are no loudness and pitch contours",
        },
        "too_little_speech": {
            "zh": "说话时间太短，没有可比的基线",
            "en": "too little speech for a baseline",
        },
        "no_replies": {"zh": "没有一问一答", "en": "nobody answered anybody"},
        "not_spoken": {"zh": "该方没有说话", "en": "this party did not speak"},
        "regex_time": {
            "zh": "正则表达式在这段文字上用时过长",
            "en": "the regular expression took too long on these words",
        },
        "no_product": {
            "zh": "规则和会话都没有写明产品",
            "en": "neither the rule nor the interaction names a product",
        },
        "no_attribute": {
            "zh": "随录信息里没有这一项",
            "en": "the centre's data do not hold this",
        },
        "no_number": {"zh": "这一项不是数字", "en": "this is no number"},
        "no_time": {"zh": "这一项不是日期或时间", "en": "this is no date or time"},
        "too_few_utterances": {
            "zh": "说的话太少，看不出变化",
            "en": "too few utterances for a course",
        },
        "no_heat": {
            "zh": "声音没有持续激动",
            "en": "the voice never rose and stayed up",
        },
        "no_recovery": {
            "zh": "直到最后一次说话都没有平复",
            "en": "the voice stayed up to the party's last turn",
        },
        "nothing_before": {
            "zh": "此前对方没有说话",
            "en": "the other party said nothing before",
        },
        "unsorted": {"zh": "未能归类", "en": "it is unsorted"},
        "no_fall": {"zh": "情绪没有明显下降", "en": "the mood never fell far"},
        "no_measure": {
            "zh": "这个渠道或这一方没有这个指标",
            "en": "this channel or party does not have this measure",
        },
    }
)

_PARTIES: Mapping[Party | None, Mapping[str, str]] = MappingProxyType(
    {
        Party.AGENT: {"zh": "坐席", "en": "the agent"},
        Party.CUSTOMER: {"zh": "客户", "en": "the customer"},
        Party.SYSTEM: {"zh": "系统", "en": "the system"},
        Party.UNKNOWN: {"zh": "某一方", "en": "one of the parties"},
        None: {"zh": "双方", "en": "either party"},
    }
)
_LONGEST_QUOTE = 60
_SAID_IN_SECONDS = 120
_UNITS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {"zh": ("小时", "分", "秒"), "en": ("h", "min", "s")}
)


def explain(evidence: Evidence, language: str) -> str:
    """Return why this evidence speaks for a finding, in ``language`` (``zh`` or ``en``)."""
    quote = evidence.quote
    if len(quote) > _LONGEST_QUOTE:
        quote = f"{quote[:_LONGEST_QUOTE]}…"
    text = FOUND[evidence.because][language].format(
        party=_PARTIES[evidence.party][language],
        quote=quote,
        wanted=evidence.measure,
        value=_figure(evidence.value),
        limit=_figure(evidence.limit),
        score=_score(evidence.value),
        least=_score(evidence.limit),
        length=_length(evidence.value, language),
        most=_length(evidence.limit, language),
    )
    return text[0].upper() + text[1:]


def explain_not_measured(code: str, language: str) -> str:
    """Return why a rule or measure has no answer, in ``language`` (``zh`` or ``en``)."""
    return NOT_MEASURED[code][language]


def _length(seconds: float | None, language: str) -> str:
    """Seconds as a person says them: two minutes and more in minutes, and hours."""
    if seconds is None:
        return ""
    hour, minute, second = _UNITS[language]
    if seconds < _SAID_IN_SECONDS:
        return f"{_figure(seconds)} {second}"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} {hour} {minutes} {minute}" if hours else f"{minutes} {minute} {rest} {second}"


def _score(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{round(value, 1):g}"
