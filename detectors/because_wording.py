"""Reasons in words for what was said: expressions, neighbours, likeness, things asked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "order_number": ("订单号", "an order number"),
        "amount": ("金额", "a sum of money"),
        "phone": ("电话号码", "a phone number"),
        "address": ("地址", "an address"),
        "email": ("邮箱", "an e-mail address"),
        "identity_number": ("身份证号", "an identity number"),
        "bank_card": ("银行卡号", "a bank card number"),
        "product": ("产品", "a product"),
    }
)
"""Kinds of ``detectors.entities``, in zh and en."""

WORDING: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "regex": {"zh": "{party}说了“{quote}”", "en": "{party} said “{quote}”"},
        "proximity": {
            "zh": "{party}把几个词连在一起说：“{quote}”",
            "en": "{party} said words close together: “{quote}”",
        },
        "apart": {
            "zh": "{party}说了“{quote}”，附近没有应当同时出现的词",
            "en": "{party} said “{quote}” without the words that belong close to it",
        },
        "similar": {
            "zh": "{party}说的“{quote}”与例句相近，相似度 {value}（界限 {limit}）",
            "en": "{party} said “{quote}”, like an example sentence: {value} (limit {limit})",
        },
        "repeat": {
            "zh": "{party}又说了一遍“{quote}”，相似度 {value}（界限 {limit}）",
            "en": "{party} said it again: “{quote}”, likeness {value} (limit {limit})",
        },
        "parrot": {
            "zh": "{party}照着对方的话重复：“{quote}”，相似度 {value}（界限 {limit}）",
            "en": "{party} repeated the other's words: “{quote}”, likeness {value} (limit {limit})",
        },
        **{
            f"entity_{kind}": {
                "zh": f"{{party}}说出了{zh}：“{{quote}}”",
                "en": f"{{party}} said {en}: “{{quote}}”",
            }
            for kind, (zh, en) in KINDS.items()
        },
        **{
            f"not_obtained_{kind}": {
                "zh": f"{{party}}问了{zh}（“{{quote}}”），之后没有得到",
                "en": f"{{party}} asked for {en} (“{{quote}}”) and did not get one",
            }
            for kind, (zh, en) in KINDS.items()
        },
    }
)
"""Part of ``detectors.because.FOUND``."""
