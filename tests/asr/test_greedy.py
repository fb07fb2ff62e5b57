"""Our passes over Whisper's weights against openai-whisper's own, token for token.

The weights are random, with cross-attention made so strong that every window says something else,
and an end that comes at different places.
"""

from __future__ import annotations

import pytest
import torch
from whisper.decoding import DecodingOptions, decode
from whisper.model import ModelDimensions, Whisper
from whisper.timing import find_alignment

from asr import greedy, script
from asr.alignment import timed
from asr.decoder import Decoder
from asr.encoder import Encoder
from asr.quantised import Arithmetic
from asr.whisper_model import quietly

FRAMES, TOKENS = 100, 48
PROMPT = "您好,请讲。"


def noisy(n_text_ctx=TOKENS):
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=FRAMES, n_audio_state=32, n_audio_head=2, n_audio_layer=2,
        n_vocab=51865, n_text_ctx=n_text_ctx, n_text_state=32, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(1)
    model = Whisper(dims)
    with torch.no_grad():
        model.decoder.token_embedding.weight.normal_(std=0.3)
        model.decoder.positional_embedding.normal_(std=1.0)
        for block in model.decoder.blocks:
            block.cross_attn.query.weight *= 6
            block.cross_attn.key.weight *= 6
            block.cross_attn.out.weight *= 8
        model.decoder.token_embedding.weight[50257] *= 5
    return model.eval()


@pytest.fixture(scope="module")
def model():
    return noisy()


@pytest.fixture(scope="module")
def mel():
    torch.manual_seed(0)
    return torch.randn(8, 80, 2 * FRAMES)


class Passes:
    """Encoder and decoder in one arithmetic."""

    def __init__(self, model, arithmetic):
        self.dims = model.dims
        self.encoder = Encoder(model.encoder, arithmetic)
        self.decoder = Decoder(model, arithmetic)

    def script(self, language="zh", prompt=None):
        given = script.options(language, prompt)
        return script.script(self.dims, self.decoder.vocabulary, given)

    def say(self, heard, scripts, frames=None):
        seats = self.decoder.seats(
            len(heard), frames=max(map(len, heard)), room=greedy.room(scripts)
        )
        for seat, one in enumerate(heard):
            self.decoder.hear(seats, seat, one)
        return greedy.say(self.decoder, seats, scripts, frames or [FRAMES] * len(heard))


@pytest.fixture(scope="module", params=[Arithmetic.FP32, Arithmetic.INT8])
def passes(request, model):
    return Passes(model, request.param)


@pytest.fixture(scope="module")
def exact(model):
    return Passes(model, Arithmetic.FP32)


@pytest.fixture(autouse=True)
def _without_gradients():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small that threads would only wait for each other
    with torch.inference_mode(), quietly():
        yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("prompt", [None, PROMPT])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_says_what_whisper_says(model, exact, mel, language, prompt):
    options = DecodingOptions(language=language, fp16=False, without_timestamps=True, prompt=prompt)
    wanted = decode(model, mel, options)
    heard = list(exact.encoder(mel))
    found = exact.say(heard, [exact.script(language, prompt)] * len(heard))
    assert [list(said.tokens) for said in found] == [one.tokens for one in wanted]
    assert len({said.tokens for said in found}) >= 6
    for said, one in zip(found, wanted, strict=True):
        assert said.logprob == pytest.approx(one.avg_logprob, abs=1e-4)
        assert said.no_speech == pytest.approx(one.no_speech_prob, rel=1e-3)


def test_windows_end_at_their_own_place(exact, mel):
    found = exact.say(list(exact.encoder(mel)), [exact.script()] * len(mel))
    assert {len(said.tokens) for said in found} >= {3, 18, TOKENS // 2}
    for said in found:
        # the start sequence, the text and the end
        assert said.scores.shape == (2, 4 + len(said.tokens) + 1, FRAMES)
        assert len(said.chances) == len(said.tokens)


def test_a_long_prompt_leaves_no_room(mel):
    """openai-whisper stops when there are more tokens than the model has positions."""
    small = noisy(n_text_ctx=16)
    passes = Passes(small, Arithmetic.FP32)
    options = DecodingOptions(
        language="zh", fp16=False, without_timestamps=True, prompt=PROMPT, sample_len=12
    )
    given = script.script(small.dims, passes.decoder.vocabulary, options)
    wanted = decode(small, mel, options)
    found = passes.say(list(passes.encoder(mel)), [given] * len(mel))
    assert [list(said.tokens) for said in found] == [one.tokens for one in wanted]
    assert max(len(said.tokens) for said in found) == 16 + 1 - len(given.start)


def test_times_are_those_of_whisper(model, exact, mel):
    given = exact.script()
    found = exact.say(list(exact.encoder(mel)), [given] * len(mel))
    for window, said in zip(mel, found, strict=True):
        wanted = find_alignment(model, given.tokenizer, list(said.tokens), window, 2 * FRAMES)
        times = timed(said.tokens, said.chances, said.scores, given.tokenizer)
        assert [part.text for part in times] == [one.word for one in wanted]
        for part, one in zip(times, wanted, strict=True):
            assert part.start_ms == pytest.approx(one.start * 1000, abs=20)
            assert part.end_ms == pytest.approx(one.end * 1000, abs=20)
            assert part.confidence == pytest.approx(one.probability, abs=1e-3)


def test_company_changes_nothing(passes, mel):
    """Alone, together, in another order, beside another language: the same to the last bit."""
    heard = [passes.encoder(window[None])[0] for window in mel]
    zh, en = passes.script("zh"), passes.script("en")
    together = passes.say(heard, [zh] * len(heard))
    backwards = passes.say(heard[::-1], [zh] * len(heard))[::-1]
    mixed = passes.say(heard[:4], [zh, en, zh, en])
    for i, said in enumerate(together):
        alone = passes.say([heard[i]], [zh])[0]
        assert alone.tokens == said.tokens == backwards[i].tokens
        assert alone.logprob == pytest.approx(said.logprob, abs=1e-5)
        assert torch.allclose(alone.scores, said.scores, atol=1e-3)
    assert [mixed[i].tokens for i in (0, 2)] == [together[i].tokens for i in (0, 2)]
    english = passes.say(heard[:4], [en] * 4)
    assert [mixed[i].tokens for i in (1, 3)] == [english[i].tokens for i in (1, 3)]


def test_a_shorter_window_beside_a_longer_one(passes, mel):
    lengths = [FRAMES, 40, 73, FRAMES]
    heard = [
        passes.encoder(window[None, :, : 2 * length])[0]
        for window, length in zip(mel, lengths, strict=False)
    ]
    given = passes.script()
    together = passes.say(heard, [given] * 4, lengths)
    for one, length, said in zip(heard, lengths, together, strict=True):
        alone = passes.say([one], [given], [length])[0]
        assert alone.tokens == said.tokens
        assert torch.allclose(alone.scores, said.scores, atol=1e-3)


def test_following_gives_the_same_figures(exact, mel):
    heard, given = list(exact.encoder(mel[:3])), exact.script(prompt=PROMPT)
    for one, said in zip(heard, exact.say(heard, [given] * 3), strict=True):
        again = greedy.follow(exact.decoder, one, given, said.tokens, frames=FRAMES)
        assert again.tokens == said.tokens
        assert again.no_speech == pytest.approx(said.no_speech, rel=1e-3)
        assert again.chances == pytest.approx(said.chances, rel=1e-3)
        assert torch.allclose(again.scores, said.scores, atol=1e-3)
        if len(said.tokens) < TOKENS // 2:  # not cut off, so that both count the end
            assert again.logprob == pytest.approx(said.logprob, rel=1e-3)


@pytest.mark.parametrize("prompt", [None, PROMPT])
def test_beam_search_is_that_of_whisper(model, exact, mel, prompt):
    options = DecodingOptions(
        language="zh", fp16=False, without_timestamps=True, beam_size=3, prompt=prompt
    )
    given = script.options("zh", prompt, beam=3)
    for window in mel[:3]:
        wanted = decode(model, window, options)
        heard = exact.encoder(window[None])[0]
        found = script.search(exact.dims, exact.decoder, given, heard)
        assert list(found) == wanted.tokens
