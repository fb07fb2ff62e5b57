"""Regular expressions: what is refused, and that nothing that is accepted runs for ages."""

from __future__ import annotations

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detectors.parameters import Unfit
from detectors.regex_lint import compiled


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(", "bad_regex"),
        ("", "bad_regex"),
        ("a*", "bad_regex"),
        ("|a", "bad_regex"),
        ("x" * 1001, "bad_regex"),
        (r"\p{Han}", "bad_regex"),
        ("(a+)+$", "slow_regex"),
        ("(a*)*b", "slow_regex"),
        ("(a|ab)+c", "slow_regex"),
        (r"(\d{3,4}-?)+x", "slow_regex"),
        ("([a-z]+)*退", "slow_regex"),
        ("((a{1,2}){1,9}){1,9}x", "slow_regex"),
        (".*a.*b.*c", "slow_regex"),
        ("a?" * 20 + "a" * 20, "slow_regex"),
        ("(a|ab)" * 20, "slow_regex"),
        ("(?:ab?){2,30}c", "slow_regex"),
        ("(x{100}){100}", "slow_regex"),
        (r"\b12315", "word_boundary"),
        (r"投诉\B", "word_boundary"),
        ("退款。", "regex_form"),
        ("[退款，]x", "regex_form"),
        ("投訴", "regex_form"),
        ("１２３", "regex_form"),
    ],
)
def test_refused(text: str, code: str) -> None:
    with pytest.raises(Unfit) as caught:
        compiled("pattern", text, original=False)
    assert (caught.value.code, caught.value.field_name) == (code, "pattern")
    assert caught.value.found
    assert caught.value.allowed


@pytest.mark.parametrize(
    ("text", "said", "hit"),
    [
        ("第[2-9二三]次(?:打|来)", "我第3次打了", "第3次打"),
        ("(?<![0-9])12315(?![0-9])", "打12315投诉", "12315"),
        ("(?<![0-9])12315(?![0-9])", "单号9912315", None),
        ("退.{0,10}款", "退我的货款", "退我的货款"),
        ("不.*退", "不给退", "不给退"),
        ("(?:ab|cd)+x", "ababcdx", "ababcdx"),
        ("Refund", "refund", "refund"),
        ("(?P<a>[投诉])(?P=a)", "诉诉", "诉诉"),
        ("a++b", "aaab", "aaab"),
    ],
)
def test_accepted(text: str, said: str, hit: str | None) -> None:
    match = compiled("pattern", text, original=False).search(said)
    assert (match[0] if match else None) == hit


def test_original_words_keep_their_case() -> None:
    pattern = compiled("pattern", "VIP。", original=True)
    assert pattern.search("我是VIP。")
    assert not pattern.search("我是vip。")


pieces = st.recursive(
    st.sampled_from(["a", "b", "[ab]", ".", "a?", "b+", "a*", "b{0,9}", "a{2}"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["+", "*", "?", "{2,5}", "{3}"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(pieces, st.sampled_from(["a", "b", "ab", "aab"]))
def test_what_is_accepted_ends(text: str, unit: str) -> None:
    """On the texts that such expressions choke on, a match or its absence is found in a second."""
    try:
        pattern = compiled("pattern", f"{text}c", original=False)
    except Unfit:
        assume(False)
        return
    said = (unit * 300)[:300]
    assert pattern.search(said, timeout=1.0) is None


def test_the_limit_at_run_time_is_real() -> None:
    with pytest.raises(TimeoutError):
        regex.compile("(?:a|a|aa)+b").search("a" * 60, timeout=0.2)
