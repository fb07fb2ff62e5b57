"""Names, where the words beside them say so (我叫, 姓, 先生, my name is, Mr)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from interactions.personal.kinds import Found, PersonalKind
from interactions.personal.sheet import Sheet
from interactions.text import HAN

_TITLES = frozenset(
    ["先生", "女士", "小姐", "太太", "师傅", "老师", "经理", "主任", "医生", "大夫", "阿姨"]
)
_ANYBODY = re.compile("小姐姐|老师傅")
_INTRODUCING = [
    "我叫",
    "他叫",
    "她叫",
    "名叫",
    "叫做",
    "名字",
    "姓名",
    "本人叫",
    "本人是",
    "联系人",
    "收件人",
    "收货人",
    "寄件人",
    "户名",
    "持卡人",
    "机主",
    "业主",
    "车主",
    "投保人",
    "我是",
    "叫",
]
_INTRODUCED = re.compile(
    f"(?:{'|'.join(_INTRODUCING[:-1])}|(?<=[,.;!?: 个位])叫)(?:名字|姓名)?(?:[上里])?"
    "(?:写|填|登记|留|显示|报)?的?(?:叫做?|是|为|写)?[: ,]?"
)
_WEAKLY = ("我是", "叫")
_ONE_OF = frozenset("个位")  # 一个叫…的客服
_SURNAME = re.compile("(?<!百)姓(?:氏是?|是)?")
_SPELLED = frozenset(
    [
        "弓长张",
        "立早章",
        "木子李",
        "耳东陈",
        "双口吕",
        "双人徐",
        "言午许",
        "草头黄",
        "三横王",
        "古月胡",
        "走肖赵",
        "人可何",
        "口天吴",
        "双木林",
        "言身寸谢",
        "木易杨",
        "禾木程",
        "关耳郑",
        "文刀刘",
        "女兆姚",
        "水工江",
        "草头蒋",
        "草头苏",
        "三点水江",
        "三点水汪",
    ]
)
_BEFORE = frozenset("是叫为给找问和跟与请让的了您你我吗位好对下个以及名姓人帮嗯啊哦替访告诉系派")
_NOT_GIVEN = frozenset(
    "的了是我你他她它这那有在不也就都说要去来给跟和与请把被让对吗呢啊好位您吧哦嗯想电手号联住买订需麻先女"
    "什么谁哪呀咱没很只还从到往以为因所客服装修级别卡会员户店网快递,.!?:;0123456789 \n"
)
_NO_NAME = re.compile("任何|如何|为何|对于|关于|由于|至于|方向|一万|平安|白金|现金|谢谢|公司")
_ENGLISH = re.compile(
    r"(?<![a-z])(?P<cue>my (?:full |first |last )?name(?: is|'s)|name on (?:the|my) \w+ is|"
    r"(?:full |first |last )?name is|mr\.?|mrs\.?|ms\.?|miss|dr\.?|speaking (?:to|with)|"
    r"this is|i am|i'm|name:) (?P<name>[a-z][a-z'-]+(?: [a-z][a-z'-]+){0,2})"
)
_ENGLISH_CUES = re.compile("(?:name|m(?:r|r?s|iss)\\b|dr\\b|speaking|this is|i am|i'm)")
_STRONG_CUES = ("name", "mr", "mrs", "ms", "miss", "dr", "speaking")
_ENGLISH_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "i",
        "is",
        "in",
        "on",
        "of",
        "or",
        "the",
        "to",
        "for",
        "from",
        "with",
        "my",
        "your",
        "it",
        "its",
        "this",
        "that",
        "here",
        "calling",
        "just",
        "not",
        "so",
        "sure",
        "sorry",
        "very",
        "really",
        "going",
        "trying",
        "looking",
        "having",
        "getting",
        "happy",
        "glad",
        "afraid",
        "still",
        "also",
        "but",
        "speaking",
        "what",
        "who",
        "how",
        "can",
        "may",
        "could",
        "please",
        "thank",
        "thanks",
        "then",
        "there",
        "now",
        "about",
        "right",
        "correct",
        "spelled",
        "because",
        "wondering",
        "interested",
        "unable",
        "able",
        "all",
        "am",
        "are",
        "was",
        "were",
        "been",
        "be",
    ]
)
_K = PersonalKind.NAME


class _Surnames(NamedTuple):
    plain: frozenset[str]
    doubtful: frozenset[str]
    double: frozenset[str]


@cache
def _surnames() -> _Surnames:
    source = files("interactions.personal") / "surnames.txt"
    lines = [ln for ln in source.read_text(encoding="utf-8").splitlines() if not ln.startswith("#")]
    plain, doubtful, double = lines
    return _Surnames(frozenset(plain), frozenset(doubtful), frozenset(double.split()))


def find(sheet: Sheet) -> Iterator[Found]:
    """Yield the names on a sheet."""
    text = sheet.text
    for _, start, end in _automaton().find_matches_as_indexes(text):
        yield from _at_cue(text, start, end)
    if sheet.has_words and _ENGLISH_CUES.search(text):
        yield from _english(sheet)


def _at_cue(text: str, start: int, end: int) -> Iterator[Found]:
    cue = text[start:end]
    if cue in _TITLES:
        if not _ANYBODY.match(text, start):
            yield from _titled(text, start)
    elif cue in _SPELLED:
        yield Found(_K, ((start, end),), cue[-1], 0.95, ("form",))
    elif cue == "姓" and (named := _SURNAME.match(text, start)):
        size = _surname_at(text, named.end(), is_bounded=True)
        if size:
            yield _hit(text, named.end(), named.end() + size, 0.9)
    elif introduced := _INTRODUCED.match(text, start):
        yield from _introduced(text, introduced.end(), is_weak=cue in _WEAKLY)


@cache
def _automaton() -> AhoCorasick:
    cues = (*_TITLES, *_INTRODUCING, *_SPELLED, "姓")
    return AhoCorasick(cues, matchkind=MatchKind.LeftmostLongest)


def _hit(text: str, start: int, end: int, confidence: float) -> Found:
    return Found(_K, ((start, end),), text[start:end], confidence, ("context",))


def _surname_at(text: str, at: int, *, is_bounded: bool) -> int:
    """Return how many characters of a surname stand at a place; 0 for none."""
    known = _surnames()
    if text[at : at + 2] in known.double:
        return 2
    char = text[at : at + 1]
    return int(char != "" and (char in known.plain or (is_bounded and char in known.doubtful)))


def _titled(text: str, title: int) -> Iterator[Found]:
    """Yield the name before a title: the longest that begins at a boundary, else one surname."""
    for size in (4, 3, 2, 1):
        start = title - size
        before = text[start - 1 : start] if start > 0 else "\n"
        is_double = text[max(start, 0) : start + 2] in _surnames().double
        if start < 0 or not (is_double or _is_edge(before) or before in _BEFORE):
            continue
        own = _surname_at(text, start, is_bounded=_is_edge(before) or before in "是叫姓找给下")
        given = text[start + own : title]
        if own and len(given) <= 2 and _are_given(given):  # noqa: PLR2004 - names have one or two
            if not _NO_NAME.match(text, start):
                yield _hit(text, start, title, 0.9)
            return
    is_word = _NO_NAME.match(text, max(0, title - 2)) or text.startswith("公司", title - 2)
    if title and not is_word and text[title - 1] in _surnames().plain:
        yield _hit(text, title - 1, title, 0.8)


def _is_edge(char: str) -> bool:
    return not re.match(f"[{HAN}a-z0-9]", char)


def _are_given(given: str) -> bool:
    return not any(char in _NOT_GIVEN for char in given)


def _introduced(text: str, at: int, *, is_weak: bool) -> Iterator[Found]:
    own = _surname_at(text, at, is_bounded=True)
    end = at + own
    while own and end < at + own + 2 and end < len(text) and _may_be_given(text, end):
        end += 1
    if not own or end == at + own or _NO_NAME.match(text, at):
        return
    follows = text[end : end + 1]
    is_named = follows == "的" and text[max(0, at - 2) : at - 1] in _ONE_OF
    if is_weak and not (_is_edge(follows) or follows in "啊呀" or is_named):
        return
    yield _hit(text, at, end, 0.6 if is_weak else 0.9)


def _may_be_given(text: str, at: int) -> bool:
    is_title = text.startswith("小姐", at)
    return not is_title and text[at] not in _NOT_GIVEN and not _is_edge(text[at])


def _english(sheet: Sheet) -> Iterator[Found]:
    for match in _ENGLISH.finditer(sheet.text):
        is_strong = any(cue in match["cue"].rstrip(".").split() for cue in _STRONG_CUES)
        words = match["name"].split(" ")
        start = at = match.start("name")
        shown = sheet.original((start, match.end("name"))).split()
        kept: list[str] = []
        for word, original in zip(words, shown, strict=False):
            if word in _ENGLISH_STOP or (not is_strong and not original[:1].isupper()):
                break
            if kept and shown[0][:1].isupper() and not original[:1].isupper():
                break
            kept.append(word)
        kept = kept if shown and shown[0][:1].isupper() else kept[:2]
        end = at + len(" ".join(kept))
        if kept:
            yield _hit(sheet.text, start, end, 0.85 if is_strong else 0.6)
