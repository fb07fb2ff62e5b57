"""What openai-whisper says of a decoding: its first tokens, what may be said, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from torch import Tensor
from whisper.decoding import DecodingOptions, DecodingTask, Inference, SuppressTokens
from whisper.model import ModelDimensions
from whisper.tokenizer import Tokenizer

from asr.decoder import Decoder, Seats
from asr.vocabulary import Rules, Vocabulary

_MULTILINGUAL = 51_865
"""Rows of a vocabulary that has languages (``Whisper.is_multilingual``)."""

_OTHERS = 51_765
"""Rows that are neither a language nor what only they need (``Whisper.num_languages``)."""


def shell(dims: ModelDimensions) -> Any:  # noqa: ANN401 - it stands for a class of openai-whisper
    """Return as much of a model as openai-whisper's decoding looks at, without any weights."""
    is_multilingual = dims.n_vocab >= _MULTILINGUAL
    return SimpleNamespace(
        dims=dims,
        is_multilingual=is_multilingual,
        num_languages=dims.n_vocab - _OTHERS - int(is_multilingual),
        decoder=SimpleNamespace(blocks=()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """How windows of one language and one prompt are decoded.

    Attributes:
        language: ``zh`` or ``en``.
        prompt: What it is told beforehand.
        tokenizer: That of the language.
        start: The prompt, the start sequence and ``<|notimestamps|>``.
        sot: Where in it the start sequence begins.
        longest: Tokens that may be said after it.
        opening: What may be said first.
        rules: What may be said afterwards.
    """

    language: str
    prompt: str | None
    tokenizer: Tokenizer
    start: tuple[int, ...]
    sot: int
    longest: int
    opening: Rules
    rules: Rules

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens, as ``DecodingResult.text``."""
        return str(self.tokenizer.decode(list(tokens))).strip()


def options(language: str, prompt: str | None, *, beam: int | None = None) -> DecodingOptions:
    """Return openai-whisper's options: text without time tokens, nothing sampled."""
    return DecodingOptions(
        language=language,
        temperature=0.0,
        beam_size=beam,
        without_timestamps=True,
        prompt=prompt or None,
        fp16=False,  # a wish to the model's own passes, which are not used
    )


def script(dims: ModelDimensions, vocabulary: Vocabulary, given: DecodingOptions) -> Script:
    """Return what openai-whisper's ``DecodingTask`` would do.

    Args:
        dims: The model's.
        vocabulary: Of the decoder.
        given: Language and prompt.
    """
    task = DecodingTask(shell(dims), given)
    tokenizer: Tokenizer = task.tokenizer
    barred = {
        token
        for rule in task.logit_filters
        if isinstance(rule, SuppressTokens)
        for token in rule.suppress_tokens
    }
    blank = {*tokenizer.encode(" "), tokenizer.eot}  # ``SuppressBlank``
    start = tuple(task.initial_tokens)
    return Script(
        language=str(given.language),
        prompt=given.prompt,
        tokenizer=tokenizer,
        start=start,
        sot=task.sot_index,
        # Its loop ends when there are more tokens than the model has positions.
        longest=min(task.sample_len, dims.n_text_ctx + 1 - len(start)),
        opening=vocabulary.rules(barred | blank, text=tokenizer.eot),
        rules=vocabulary.rules(barred, text=tokenizer.eot),
    )


class _Passes(Inference):  # type: ignore[misc]
    """The decoder as openai-whisper's search drives it, for one window."""

    def __init__(self, decoder: Decoder, beam: int, room: int) -> None:
        self._decoder, self._beam, self._room = decoder, beam, room
        self._seats: Seats | None = None

    def logits(self, tokens: Tensor, audio_features: Tensor) -> Tensor:
        """Return the logits of the tokens not read yet."""
        if self._seats is None:
            self._seats = self._decoder.shared(audio_features[0], count=self._beam, room=self._room)
        states = self._decoder.read(tokens[:, self._seats.length :], self._seats)
        return self._decoder.vocabulary.logits(states)

    def rearrange_kv_cache(self, source_indices: Sequence[int]) -> None:
        """Let each beam go on from another one."""
        if self._seats is not None:
            self._seats.rearrange(source_indices)


class _Search(DecodingTask):  # type: ignore[misc]
    """openai-whisper's beam search over sound that is encoded already."""

    def __init__(self, dims: ModelDimensions, decoder: Decoder, given: DecodingOptions) -> None:
        super().__init__(shell(dims), given)
        room = len(self.initial_tokens) + int(self.sample_len)
        self.inference = _Passes(decoder, self.n_group, room)
        self.decoder.inference = self.inference

    def _get_audio_features(self, mel: Tensor) -> Tensor:
        return mel


def search(
    dims: ModelDimensions, decoder: Decoder, given: DecodingOptions, heard: Tensor
) -> tuple[int, ...]:
    """Return the tokens of text that openai-whisper's beam search finds for one window.

    Args:
        dims: The model's.
        decoder: The decoder.
        given: Language, prompt and beams.
        heard: From the encoder, shape ``(frames, width)``.
    """
    found = _Search(dims, decoder, given).run(heard[None])[0]
    return tuple(found.tokens)
