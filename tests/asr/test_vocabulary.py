"""The next token: rows that are equal are computed once and counted as often as they stand."""

from __future__ import annotations

import pytest
import torch

from asr.quantised import Arithmetic
from asr.vocabulary import Vocabulary

SIZE, TEXT, WIDTH = 60, 50, 16
BARRED = (0, 7, 41, 55)


def embedding(*, shared):
    torch.manual_seed(3)
    rows = torch.randn(SIZE, WIDTH)
    if shared:
        rows[[5, 7, 8, 30, 31, 52]] = rows[5].clone()
    return rows


@pytest.fixture(params=[False, True], ids=["distinct", "shared"])
def rows(request):
    return embedding(shared=request.param)


def test_logits_are_those_of_every_token(rows):
    states = torch.randn(3, 2, WIDTH)
    found = Vocabulary(rows, Arithmetic.FP32).logits(states)
    assert torch.allclose(found, states @ rows.T, atol=1e-5)


def test_equal_rows_are_computed_once():
    states = torch.randn(2, WIDTH)
    assert Vocabulary(embedding(shared=True), Arithmetic.FP32).scores(states).shape == (2, 55)
    assert Vocabulary(embedding(shared=False), Arithmetic.FP32).scores(states).shape == (2, 60)


def test_the_choice_is_that_over_all_tokens(rows):
    states = torch.cat([torch.randn(200, WIDTH), rows[5:6] * 9])
    vocabulary = Vocabulary(rows, Arithmetic.FP32)
    choice = vocabulary.choose(vocabulary.scores(states), vocabulary.rules(BARRED, text=TEXT))
    logits = states @ rows.T
    in_text = logits[:, :TEXT].softmax(dim=1)
    logits[:, list(BARRED)] = -torch.inf
    wanted = logits.argmax(dim=1)
    assert torch.equal(choice.tokens[:-1], wanted[:-1])
    assert int(choice.tokens[-1]) == 5
    at = torch.arange(len(states))
    assert torch.allclose(choice.logprobs, logits.log_softmax(dim=1)[at, choice.tokens], atol=1e-4)
    said = choice.tokens < TEXT
    wanted = in_text[at, choice.tokens.clamp(max=TEXT - 1)]
    assert torch.allclose(choice.chances[said], wanted[said], atol=1e-5)
    assert set(choice.tokens.tolist()).isdisjoint(BARRED)


def test_a_row_with_a_barred_token_stands_for_the_others():
    rows = embedding(shared=True)
    vocabulary = Vocabulary(rows, Arithmetic.FP32)
    rules = vocabulary.rules((5, 7), text=TEXT)
    choice = vocabulary.choose(vocabulary.scores(rows[5:6] * 9), rules)
    assert choice.tokens.tolist() == [8]
    assert float(choice.logprobs[0].exp()) == pytest.approx(1 / 4, abs=1e-3)  # 8, 30, 31, 52
    assert float(choice.chances[0]) == pytest.approx(1 / 5, abs=1e-3)  # 5, 7, 8, 30, 31


def test_chance_and_judgement_of_one_token(rows):
    vocabulary = Vocabulary(rows, Arithmetic.FP32)
    states = torch.randn(4, WIDTH)
    scores = vocabulary.scores(states)
    logits = states @ rows.T
    assert torch.allclose(vocabulary.chance(scores, 31), logits.softmax(dim=1)[:, 31], atol=1e-5)
    in_text = logits[0, :TEXT].softmax(dim=0)[31]
    logits[:, list(BARRED)] = -torch.inf
    rules = vocabulary.rules(BARRED, text=TEXT)
    logprob, chance = vocabulary.judge(scores[:1], 31, rules)
    assert logprob == pytest.approx(float(logits.log_softmax(dim=1)[0, 31]), abs=1e-4)
    assert chance == pytest.approx(float(in_text), abs=1e-5)
