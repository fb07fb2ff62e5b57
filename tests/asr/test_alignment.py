"""Word times without a compiler give the path that whisper's compiled loops give."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from whisper.timing import dtw_cpu, median_filter
from whisper.tokenizer import get_tokenizer

from asr.alignment import FRAME_MS, attention, median, row_starts, timed
from asr.whisper_model import quietly


@pytest.mark.parametrize("length", [1, 3, 4, 5, 7, 8, 50])
def test_median_of_seven(length):
    values = torch.randn(3, 4, length)
    assert torch.equal(median(values), median_filter(values, 7))


def test_the_path_is_the_cheapest():
    rng = np.random.default_rng(0)
    for _ in range(60):
        rows, columns = rng.integers(1, 30), rng.integers(1, 200)
        cost = rng.normal(size=(rows, columns)) + rng.normal(size=(rows, 1))
        text, time = dtw_cpu(cost)
        starts = time[np.pad(np.diff(text), (1, 0), constant_values=1).astype(bool)]
        assert np.array_equal(row_starts(cost), starts)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        ([[0.0]], [0]),
        ([[0, 9, 9], [9, 0, 9], [9, 9, 0]], [0, 1, 2]),
        ([[0, 0, 9, 9], [9, 9, 0, 0]], [0, 2]),
        ([[1, 1], [1, 1], [1, 1]], [0, 0, 1]),
    ],
)
def test_paths_one_can_see(cost, expected):
    starts = row_starts(np.array(cost, dtype=float))
    assert starts[0] == 0
    if len(cost) < 3 or cost[0][0] != cost[0][1]:
        assert starts.tolist() == expected
    else:  # more rows than columns: some share one
        assert starts[-1] <= 1


def test_attention_is_weighed_as_in_whisper():
    scores = torch.randn(9, 40) * 3
    weights = scores.softmax(dim=-1)
    spread, mean = torch.std_mean(weights, dim=-2, keepdim=True, unbiased=False)
    wanted = median_filter((weights - mean) / spread, 7)
    assert torch.allclose(attention(scores), wanted, atol=1e-5)


def test_words_lie_where_the_attention_was():
    with quietly():
        tokenizer = get_tokenizer(multilingual=True, language="en", task="transcribe")
        tokens = tokenizer.encode(" good morning")
    scores = torch.full((2, 4 + len(tokens) + 1, 90), -4.0)
    for row, (first, last) in enumerate(((0, 9), (0, 9), (0, 9), (0, 40), (40, 80), (80, 90))):
        scores[:, row, first:last] = 4.0
    words = timed(tokens, [0.5, 0.25], scores, tokenizer)
    assert [(word.text, word.confidence) for word in words] == [(" good", 0.5), (" morning", 0.25)]
    assert words[0].start_ms == 0
    assert words[0].end_ms == words[1].start_ms == pytest.approx(40 * FRAME_MS, abs=4 * FRAME_MS)
    assert words[1].end_ms == pytest.approx(80 * FRAME_MS, abs=4 * FRAME_MS)


def test_time_tokens_among_the_text_are_passed_over():
    with quietly():
        tokenizer = get_tokenizer(multilingual=True, language="en", task="transcribe")
        tokens = tokenizer.encode(" good morning")
    torch.manual_seed(0)
    scores = torch.randn(2, 4 + len(tokens) + 1, 60)
    plain = timed(tokens, [0.5, 0.25], scores, tokenizer)
    begin = tokenizer.timestamp_begin
    between = torch.cat([scores[:, :5], torch.randn(2, 1, 60), scores[:, 5:]], dim=1)
    found = timed([tokens[0], begin + 3, tokens[1]], [0.5, 1.0, 0.25], between, tokenizer)
    assert found == plain
    assert timed([begin], [1.0], scores[:, :6], tokenizer) == []
    assert timed([], [], scores[:, :5], tokenizer) == []
