"""The stages of training: what is heard, for how many steps, at which learning rate."""

from collections.abc import Iterator
from dataclasses import dataclass

from asr.checkpoints.training.utterances import BOTH, LISTENING, MANDARIN, TALKING, Mix
from asr.checkpoints.training.windows import Shape

_WARM_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stretch of training; the rate goes linearly from first to last."""

    shapes: tuple[Shape, ...]
    """Shapes of windows, which take turns."""
    steps: int
    rate: tuple[float, float]
    fresh: int = 12
    """New utterances spoken per step."""
    hear: bool = True
    """Whether the encoder is trained."""
    text: bool = True
    """Whether the decoder is trained."""
    guide: float = 1.0
    frames: float = 0.5
    negatives: int | None = 2500
    """Wrong tokens in the softmax; None: all."""
    mix: Mix = LISTENING
    blend: float | None = None
    """Share of what was learned since the last stage that blended, or that this one asks to be
    remembered, when it ends; 1.0 only remembers. What is between two ends of training often hears
    better than both (Izmailov and others, 2018; Wortsman and others, 2022)."""

    def shape_at(self, step: int) -> Shape:
        """The shape whose turn it is."""
        return self.shapes[step % len(self.shapes)]


_MIXED = (
    Shape(seconds=12.0, count=7, most=6),
    Shape(seconds=3.0, count=26, most=3),
    Shape(seconds=12.0, count=7, most=9),
    Shape(seconds=6.0, count=15, most=4),
)
"""Windows that end with the speech, as well as some with silence behind it."""

_EVERY_LENGTH = (
    Shape(seconds=12.0, count=7, most=6),
    Shape(seconds=4.0, count=20, most=3),
    Shape(seconds=30.0, count=2, most=12),
    Shape(seconds=9.0, count=9, most=6),
)

STAGES: tuple[Stage, ...] = (
    Stage(
        shapes=(Shape(seconds=2.0, count=56, most=9, crop=True),),
        steps=300,
        rate=(3e-3, 3e-3),
        text=False,
        frames=1.0,
    ),
    Stage(shapes=(Shape(seconds=2.2, count=48, most=2),), steps=160, rate=(3e-3, 3e-3)),
    Stage(shapes=(Shape(seconds=3.4, count=24, most=3),), steps=900, rate=(3e-3, 3e-3)),
    # by now the encoder tells nine syllables of ten apart, and the decoder is what lags
    Stage(shapes=(Shape(seconds=3.4, count=32, most=3),), steps=300, rate=(3e-3, 3e-3), hear=False),
    Stage(
        shapes=(Shape(seconds=6.0, count=18, most=4),),
        steps=700,
        rate=(3e-3, 2.5e-3),
        fresh=40,
        hear=False,
        mix=TALKING,
    ),
    Stage(
        shapes=(Shape(seconds=6.0, count=15, most=4),),
        steps=1940,
        rate=(2.5e-3, 1.5e-3),
        fresh=30,
        frames=1.0,
        mix=TALKING,
    ),
    Stage(
        shapes=_MIXED,
        steps=2400,
        rate=(1.6e-3, 0.4e-3),
        fresh=30,
        frames=1.0,
        mix=TALKING,
    ),
    Stage(
        shapes=(
            Shape(seconds=30.0, count=2, most=12),
            Shape(seconds=4.0, count=20, most=3),
            Shape(seconds=30.0, count=2, most=6),
            Shape(seconds=9.0, count=9, most=6),
        ),
        steps=600,
        rate=(0.4e-3, 0.0),
        fresh=25,
        frames=0.5,
        negatives=None,
        mix=TALKING,
        blend=1.0,
    ),
    # the same once more, for Mandarin above all
    Stage(
        shapes=_MIXED,
        steps=1250,
        rate=(1.3e-3, 0.5e-3),
        fresh=40,
        frames=1.0,
        mix=MANDARIN,
    ),
    Stage(
        shapes=(
            Shape(seconds=30.0, count=2, most=12),
            Shape(seconds=4.0, count=20, most=3),
            Shape(seconds=12.0, count=7, most=9),
            Shape(seconds=9.0, count=9, most=6),
        ),
        steps=450,
        rate=(0.5e-3, 0.0),
        fresh=30,
        frames=0.7,
        negatives=None,
        mix=MANDARIN,
        blend=0.75,
    ),
    Stage(
        shapes=_EVERY_LENGTH,
        steps=800,
        rate=(0.9e-3, 0.0),
        fresh=40,
        frames=0.7,
        negatives=None,
        mix=BOTH,
        blend=0.75,
    ),
    Stage(
        shapes=_EVERY_LENGTH,
        steps=1200,
        rate=(0.8e-3, 0.0),
        fresh=40,
        frames=0.7,
        negatives=None,
        mix=MANDARIN,
        blend=0.75,
    ),
)


def ends(step: int) -> Stage | None:
    """The stage of which ``step`` is the last."""
    last = -1
    for stage in STAGES:
        last += stage.steps
        if last == step:
            return stage
    return None


def schedule(first: int) -> Iterator[tuple[int, Stage, float]]:
    """Every step from ``first`` on, with its stage and learning rate."""
    step = 0
    for stage in STAGES:
        for own in range(stage.steps):
            if step >= first:
                start, end = stage.rate
                rate = start + (end - start) * own / stage.steps
                yield step, stage, rate * min(1.0, (step + 1) / _WARM_STEPS)
            step += 1
