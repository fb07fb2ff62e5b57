"""Our forms in Presidio's registry."""

from __future__ import annotations

import pytest

pytest.importorskip("presidio_analyzer", reason="presidio-analyzer is not installed")


def test_presidios_analyzer_finds_what_we_find() -> None:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine.no_op_nlp_engine import NoOpNlpEngine

    from interactions.personal.presidio import add_to

    registry = RecognizerRegistry(supported_languages=["zh", "en"])
    add_to(registry)
    engine = NoOpNlpEngine([{"lang_code": one, "model_name": "none"} for one in ("zh", "en")])
    analyzer = AnalyzerEngine(
        registry=registry, nlp_engine=engine, supported_languages=["zh", "en"]
    )
    found = analyzer.analyze("我叫王小明，手机幺三八零零幺三八零零零", language="zh",
                             return_decision_process=True)  # fmt: skip
    assert [(r.entity_type, r.start, r.end) for r in sorted(found, key=lambda r: r.start)] == [
        ("PERSON", 2, 5), ("PHONE_NUMBER", 8, 19),
    ]  # fmt: skip
    assert {r.analysis_explanation.textual_explanation for r in found} == {
        "context", "form, context",
    }  # fmt: skip
    only = analyzer.analyze("我叫王小明，手机13800138000", language="zh", entities=["PERSON"])
    assert [r.entity_type for r in only] == ["PERSON"]
