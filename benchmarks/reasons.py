"""Reasons: does the shipped taxonomy name what an interaction is about?

Cases: ``sample``, the sample centre's written contacts of sixty days against the scenarios that
were planted (the taxonomy's words were written by those who know the scenarios: it shows that the
parts fit, not how well they carry over); ``jddc`` and ``jddc_unseen``, real shop-service dialogues
against the intents that people gave each of the customer's turns (``../shared/eval/text``); unseen
is the test split, whose texts nobody read while the taxonomy was written.

Engines: ``ours``; ``examples``, the nearest labelled example alone; ``commonest``, the reason that
is most common in the case, always; ``tfidf``, runs of one to three characters with scikit-learn's
logistic regression, trained in the set and judged on folds that it has not seen.

Metrics: ``sorted``, share of interactions that get a reason at all; ``right``, share of those whose
reason is one that the interaction has (its scenario; for dialogues any intent of its turns);
``main``, share of those whose reason is the scenario or the dialogue's commonest; ``n``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from zlib import crc32

from benchmarks._labelled import ABSENT, dialogue, rows
from benchmarks._planted import planted
from benchmarks._report import Figures, options, show
from detectors.features import Features
from detectors.lexicon import Lexicon
from detectors.likeness import telling_pairs
from detectors.mood.fitting import FOLDS
from detectors.reason.sorting import matters
from detectors.reason.taxonomy import UNSORTED, Dimension
from detectors.reason.taxonomy_reading import shipped
from interactions.interaction import Interaction
from interactions.sound import Party
from interactions.text import normal
from samples.contacts import as_interaction

DAYS, QUICK_DAYS = 60, 10
SCENARIOS: Mapping[str, str] = {
    "fridge_not_cooling": "not-cooling",
    "en_fridge_warm": "not-cooling",
    "ac_leak": "leak",
    "washer_leak": "leak",
    "en_washer_leak": "leak",
    "ac_e6": "error-code",
    "en_ac_error": "error-code",
    "washer_noise": "noise",
    "heater_ignition": "ignition",
    "filter_smell": "smell",
    "tech_no_show": "visit-missed",
    "delivery_delay": "delivery",
    "en_delivery_late": "delivery",
    "install_booking": "install-booking",
    "en_install": "install-booking",
    "install_fee": "install-fee",
    "return_refund": "return-exchange",
    "refund_late": "refund",
    "en_refund_missing": "refund",
    "invoice": "invoice",
    "warranty": "warranty",
    "promo_price": "price-promotion",
    "usage": "usage",
}
_INTENTS: Mapping[str, tuple[str, ...]] = {
    "delivery": (
        "订单状态解释 配送周期 配送方式 物流全程跟踪 联系配送 什么时间出库",
        "预约配送时间 联系客户 能否自提 出库地址 代收",
    ),
    "return-exchange": (
        "保修返修及退换货政策 服务单查询 返回方式 售后维修点查询 返修退换货处理周期",
        "售后运费 返回地址 联系售后 审核时效 纠纷单申请 服务单修改 返修退换货拆包装",
        "关闭服务单 售后图片上传 填写返件运单号 返修退换货审核不通过 运费险咨询",
    ),
    "refund": ("正常退款周期 申请退款 退款到哪儿 取消退款 在哪里查询退款 退款异常",),
    "change-order": ("修改订单 订单合并 下单备注 拆分订单 下单地址填写",),
    "cancel-order": (
        "如何取消订单 查询取消是否成功 拒收 取消订单受理时间 订单无故取消",
        "取消订单白条处理",
    ),
    "invoice": (
        "发票退换修改 增票相关 查看发票 是否提供发票 填写发票信息 电子发票 补发票",
        "返修退换货发票",
    ),
    "price-promotion": (
        "价保申请流程 价保条件 价保记录查询 商品价格咨询 近期活动咨询 优惠券使用",
        "无法申请价保 优惠券获得方式 评价晒单返券和赠品 优惠券退回 优惠券查看",
        "促销形式",
    ),
    "account": (
        "下单后无记录 订单历史记录查询 订单回收站 恢复订单 账户安全 实名认证与解除",
        "京东钱包绑定",
    ),
    "usage": ("使用咨询",),
    "travel": ("机票相关 火车票 购买机票",),
    "product-question": (
        "属性咨询 商品检索 生产日期 正品保障 商品介绍 包装清单 商品比较 外包装",
        "自营与第三方区别 试用",
    ),
    "stock": (
        "库存状态 购物流程 补货时间 无法购买提交 无法加入购物车 预约抢购",
        "为什么显示无货 预售订单",
    ),
    "signed-not-received": ("订单签收异常 怎么确认收货",),
    "install-booking": ("家电安装",),
    "install-fee": ("安装收费",),
    "reviews": ("删除修改评价晒单 查看评价晒单 如何评价晒单 评价晒单异常",),
    "payment": (
        "白条使用流程 支付方式 在线支付 白条还款方式 货到付款 白条分期手续费 余额查询",
        "公司转账 支付到账时间 余额使用 白条开通 支付密码 余额提现 分期付款 消费记录",
    ),
    "missing-item": ("少商品与少配件 补发 发错货 赠品领取更换",),
    "warranty": ("保修期保质期 延保服务",),
    "service-complaint": ("联系客服 联系商家",),
}
INTENTS: Mapping[str, str] = {
    intent: reason for reason, intents in _INTENTS.items() for intent in " ".join(intents).split()
}


@dataclass(frozen=True, slots=True)
class Known:
    """An interaction and the reasons that it has, the commonest first."""

    interaction: Interaction
    reasons: tuple[str, ...]


def sample(days: int) -> list[Known]:
    """Return the sample centre's contacts of the last ``days`` days."""
    return [Known(as_interaction(one), (SCENARIOS[one.scenario.name],)) for one in planted(days)]


def dialogues(split: str) -> list[Known]:
    """Return JDDC's dialogues of a split (all for none) that have an intent of ours."""
    found = []
    for row in rows("jddc"):
        told = [INTENTS[t["act"]] for t in row["turns"] if t.get("act") in INTENTS]
        if told and split in ("", row["split"]):
            common = tuple(reason for reason, _ in Counter(told).most_common())
            found.append(Known(dialogue(row, str(row["id"])), common))
    return found


def run(*, quick: bool) -> tuple[Figures, list[str]]:
    """Return ``{case: {engine: {metric: value}}}`` and what was left out."""
    absent = [] if find_spec("sklearn") else ["sklearn is not installed; left out"]
    figures = {"sample": _case(sample(QUICK_DAYS if quick else DAYS))}
    for name, split in (("jddc", ""), ("jddc_unseen", "test")):
        known = dialogues(split)
        if not known:
            return figures, [*absent, ABSENT]
        figures[name] = _case(known)
    return figures, absent


def _case(known: Sequence[Known]) -> dict[str, dict[str, float]]:
    taxonomy = shipped()
    lexicon = Lexicon((taxonomy.phrases,))
    ours = [_ours(Features(one.interaction, lexicon)) for one in known]
    commonest = Counter(one.reasons[0] for one in known).most_common(1)[0][0]
    engines = {
        "ours": ours,
        "examples": [_nearest(one.interaction) for one in known],
        "commonest": [commonest] * len(known),
    }
    if find_spec("sklearn"):
        engines["tfidf"] = _tfidf(known)
    return {name: _metrics(told, known) for name, told in engines.items()}


def _ours(features: Features) -> str:
    found = [one.category for one in matters(features) if one.dimension == Dimension.REASON]
    return found[0] if found else UNSORTED


def _nearest(interaction: Interaction) -> str:
    taxonomy = shipped()
    said = [u.text for u in interaction.utterances if u.party is Party.CUSTOMER]
    found = [taxonomy.nearest.of(telling_pairs(normal(text).text)) for text in said]
    best = max((one for one in found if one), key=lambda one: one.likeness, default=None)
    return UNSORTED if best is None else taxonomy.numbered[best.which][1].category_id


def _tfidf(known: Sequence[Known]) -> list[str]:
    text = import_module("sklearn.feature_extraction.text")
    linear = import_module("sklearn.linear_model")
    words = [
        "\n".join(u.text for u in one.interaction.utterances if u.party is Party.CUSTOMER)
        for one in known
    ]
    folds = [crc32(one.interaction.interaction_id.encode()) % FOLDS for one in known]
    told = [""] * len(known)
    for fold in range(FOLDS):
        seen = [i for i, own in enumerate(folds) if own != fold]
        held = [i for i, own in enumerate(folds) if own == fold]
        maker = text.TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        matrix = maker.fit_transform([words[i] for i in seen])
        labels = [known[i].reasons[0] for i in seen]
        model = linear.LogisticRegression(C=4, max_iter=300).fit(matrix, labels)
        for i, reason in zip(
            held, model.predict(maker.transform([words[i] for i in held])), strict=True
        ):
            told[i] = str(reason)
    return told


def _metrics(told: Sequence[str], known: Sequence[Known]) -> dict[str, float]:
    pairs = [(one, has.reasons) for one, has in zip(told, known, strict=True) if one != UNSORTED]
    count = max(1, len(pairs))
    return {
        "sorted": round(len(pairs) / len(told), 4),
        "right": round(sum(one in has for one, has in pairs) / count, 4),
        "main": round(sum(one == has[0] for one, has in pairs) / count, 4),
        "n": len(told),
    }


def main() -> None:
    """Print the table, or with ``--json`` the figures alone."""
    chosen = options(__doc__, quick="ten days of the sample centre").parse_args()
    figures, absent = run(quick=chosen.quick)
    columns = {"sorted": ".3f", "right": ".3f", "main": ".3f", "n": ".0f"}
    show(figures, columns, title="Reasons", as_json=chosen.json, absent=absent)


if __name__ == "__main__":
    main()
