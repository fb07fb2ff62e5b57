"""The likeliest tokens, one after the other, of many windows side by side.

What is chosen is what ``whisper.decode`` chooses at temperature 0 without time tokens. A window
that is finished reads its last token too, so that its attention is known at every token, and then
leaves the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from asr.decoder import Decoder, Seats
from asr.script import Script
from asr.vocabulary import Choice


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What one window was decoded into.

    Attributes:
        tokens: Of text.
        chances: Probability of each.
        logprob: Mean logarithm of the probabilities, the end's included, as
            ``DecodingResult.avg_logprob``.
        no_speech: Probability that nobody speaks.
        scores: Of the alignment heads, ``(heads, n, frames)`` for the tokens from the start
            sequence to the end.
    """

    tokens: tuple[int, ...]
    chances: tuple[float, ...]
    logprob: float
    no_speech: float
    scores: Tensor


@dataclass(slots=True)
class _Window:
    place: int
    no_speech: float
    tokens: list[int] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)
    logprob: float = 0.0
    is_over: bool = False

    def say(self, token: int, logprob: float, chance: float, *, eot: int) -> None:
        self.logprob += logprob
        if token == eot:
            self.is_over = True
        else:
            self.tokens.append(token)
            self.chances.append(chance)

    def said(self, scores: Tensor) -> Said:
        return Said(
            tokens=tuple(self.tokens),
            chances=tuple(self.chances),
            logprob=self.logprob / (len(self.tokens) + 1),
            no_speech=self.no_speech,
            scores=scores,
        )


def room(scripts: Sequence[Script]) -> int:
    """Return for how many tokens seats need room."""
    return max(len(script.start) + script.longest + 1 for script in scripts)


def say(
    decoder: Decoder, seats: Seats, scripts: Sequence[Script], frames: Sequence[int]
) -> list[Said]:
    """Decode the windows that have taken their seats.

    Args:
        decoder: The decoder.
        seats: Of windows that have heard and not yet said anything.
        scripts: One per window; their prompts have the same length.
        frames: Encoder positions with sound, per window: where its words may lie.
    """
    return _Decoding(decoder, seats, scripts, frames).run()


class _Decoding:
    def __init__(
        self, decoder: Decoder, seats: Seats, scripts: Sequence[Script], frames: Sequence[int]
    ) -> None:
        self._decoder, self._seats = decoder, seats
        self._scripts, self._frames = scripts, frames
        self._script = scripts[0]
        self._eot = self._script.tokenizer.eot
        self._windows: list[_Window] = []
        self._done: dict[int, Said] = {}

    def run(self) -> list[Said]:
        choice: Choice | None = self._open()
        for _ in range(self._script.longest):
            if choice is None:
                break
            self._note(choice)
            choice = self._next()
        self._cut()
        return [self._done[place] for place in range(len(self._scripts))]

    def _open(self) -> Choice:
        """Read what all windows begin with."""
        starts = torch.tensor([script.start for script in self._scripts])
        states = self._decoder.read(starts.to(self._seats.own[0].device), self._seats)
        vocabulary, script = self._decoder.vocabulary, self._script
        no_speech = vocabulary.chance(
            vocabulary.scores(states[:, script.sot]), script.tokenizer.no_speech
        )
        self._windows = [_Window(place, p) for place, p in enumerate(no_speech.tolist())]
        return vocabulary.choose(vocabulary.scores(states[:, -1]), script.opening)

    def _note(self, choice: Choice) -> None:
        figures = (choice.tokens.tolist(), choice.logprobs.tolist(), choice.chances.tolist())
        for window, token, logprob, chance in zip(self._windows, *figures, strict=True):
            window.say(token, logprob, chance, eot=self._eot)

    def _next(self) -> Choice | None:
        """Read what was chosen; choose again for windows that are not over, if there are any."""
        states = self._read()
        going = self._leave()
        if not going:
            return None
        vocabulary = self._decoder.vocabulary
        return vocabulary.choose(vocabulary.scores(states[going]), self._script.rules)

    def _read(self) -> Tensor:
        last = [[self._eot if w.is_over else w.tokens[-1]] for w in self._windows]
        tokens = torch.tensor(last, device=self._seats.own[0].device)
        return self._decoder.read(tokens, self._seats)[:, 0]

    def _leave(self) -> list[int]:
        """Let windows go that are over; return which of the others sits where now."""
        going = list(range(len(self._windows)))
        for seat in reversed(range(len(self._windows))):
            window = self._windows[seat]
            if window.is_over:
                self._done[window.place] = window.said(self._watched(seat, window.place))
                self._seats.leave(seat)
                last, place = self._windows.pop(), going.pop()
                if seat < len(going):
                    self._windows[seat], going[seat] = last, place
        return going

    def _cut(self) -> None:
        """End windows that have said as much as may be said."""
        if self._windows:
            for window in self._windows:
                window.is_over = True
            self._read()
            self._leave()

    def _watched(self, seat: int, place: int) -> Tensor:
        scores = self._decoder.watched(self._seats, seat, frames=self._frames[place])
        return scores[:, self._script.sot :]


def follow(
    decoder: Decoder, heard: Tensor, script: Script, tokens: Sequence[int], *, frames: int
) -> Said:
    """Return what would be known of a window if it had said ``tokens``.

    Args:
        decoder: The decoder.
        heard: From the encoder, shape ``(frames, width)``.
        script: The window's.
        tokens: Of text.
        frames: Encoder positions with sound.
    """
    given = [*script.start, *tokens, script.tokenizer.eot]
    seats = decoder.shared(heard, count=1, room=len(given))
    states = decoder.read(torch.tensor([given], device=heard.device), seats)[0]
    vocabulary = decoder.vocabulary
    window = _Window(0, float(vocabulary.chance(
        vocabulary.scores(states[script.sot : script.sot + 1]), script.tokenizer.no_speech
    )[0]))  # fmt: skip
    first = len(script.start) - 1
    for at, token in enumerate([*tokens, script.tokenizer.eot]):
        scores = vocabulary.scores(states[first + at : first + at + 1])
        logprob, chance = vocabulary.judge(scores, token, script.rules if at else script.opening)
        window.say(token, logprob, chance, eot=script.tokenizer.eot)
    return window.said(decoder.watched(seats, 0, frames=frames)[:, script.sot :])
