"""How the recogniser is trained: losses, optimiser, the file that whisper reads, figures."""

import math
from pathlib import Path

import pytest
import torch
import whisper

from asr.checkpoints.training.evaluate import characters, error_rate, words
from asr.checkpoints.training.losses import guide_loss, text_loss
from asr.checkpoints.training.model import Decoded, Trainee, save
from asr.checkpoints.training.optimizer import Muon, orthogonal
from asr.checkpoints.training.stages import STAGES, schedule
from asr.checkpoints.training.tokens import tokenizer
from asr.checkpoints.training.train import Trainer
from asr.checkpoints.training.utterances import LISTENING, Store
from asr.checkpoints.training.windows import Batch, Shape, WindowMaker
from asr.weights import Weights
from asr.whisper_model import read_model


@pytest.fixture(scope="module")
def trainee() -> Trainee:
    """An untrained model that can say little."""
    torch.manual_seed(1)
    ids = tokenizer("zh")
    return Trainee([*ids.sot_sequence, ids.eot, ids.no_speech, *ids.encode("洗衣机漏水")])


def batch_of(tokens: list[int], weights: list[float], frames: int = 20) -> Batch:
    rows = len(tokens) - 1
    return Batch(
        mel=torch.zeros(1, 80, 2 * frames),
        frames=torch.zeros(1, 4, frames, dtype=torch.long),
        tokens=torch.tensor([tokens]),
        weights=torch.tensor([weights]),
        guide=torch.zeros(1, rows, frames),
        first=torch.zeros(1, dtype=torch.long),
    )


def test_whisper_loads_what_is_saved_and_hears_the_same(trainee: Trainee, tmp_path: Path) -> None:
    save(trainee, tmp_path / "small.pt")
    save(trainee, tmp_path / "again.pt")
    assert (tmp_path / "small.pt").read_bytes() == (tmp_path / "again.pt").read_bytes()
    driven, _ = read_model(Weights("small", tmp_path / "small.pt"))
    assert (driven.hears_any_length, driven.beam_size) == (True, 5)
    loaded = whisper.load_model(str(tmp_path / "small.pt"), device="cpu")
    mel = torch.randn(1, 80, 3000, generator=torch.Generator().manual_seed(2))
    tokens = torch.tensor([list(tokenizer("zh").sot_sequence)])
    with torch.no_grad():
        heard = trainee.hear(mel, torch.zeros(1, dtype=torch.long))
        own = trainee.token_logits(trainee.speak(tokens, heard).states)[0, -1]
        whole = loaded(mel, tokens)[0, -1]
    spelled = whole[torch.tensor(trainee.used)]
    torch.testing.assert_close(spelled, own[:-1], atol=0.02, rtol=0.02)
    rest = torch.ones(len(whole), dtype=torch.bool)
    rest[trainee.used] = False
    assert len(whole[rest].unique()) == 1, "all tokens not in use share one row"
    assert float(whole[rest].logsumexp(0)) == pytest.approx(float(own[-1]), abs=0.02)


def test_all_negatives_drawn_is_the_whole_softmax(trainee: Trainee) -> None:
    ids = tokenizer("zh")
    spelled = ids.encode("漏水")
    tokens = [*ids.sot_sequence, *spelled, ids.eot]
    batch = batch_of(tokens, [0.0] * 2 + [1.0] * (len(spelled) + 1))
    decoded = Decoded(torch.randn(1, len(tokens) - 1, 256), ())
    whole = text_loss(trainee, decoded, batch).detach()
    sampled = text_loss(trainee, decoded, batch, negatives=10_000).detach()
    assert float(sampled) == pytest.approx(float(whole), rel=1e-5)


def test_looking_exactly_there_costs_nothing() -> None:
    batch = batch_of([1, 2, 3], [1.0, 1.0], frames=20)
    batch.guide[0, 1, 5:9] = 0.25
    exact = torch.full((1, 4, 2, 20), -50.0)
    exact[:, :, 1, 5:9] = 0.0
    anywhere = torch.zeros(1, 4, 2, 20)
    assert float(guide_loss(Decoded(torch.zeros(1), (exact,)), batch)) == pytest.approx(0, abs=1e-4)
    missed = float(guide_loss(Decoded(torch.zeros(1), (anywhere,)), batch))
    assert missed == pytest.approx(math.log(20 / 4), rel=1e-4)


def test_orthogonal_keeps_directions_and_evens_sizes() -> None:
    generator = torch.Generator().manual_seed(4)
    matrix = torch.randn(1, 24, 16, generator=generator) @ torch.diag(torch.linspace(0.1, 9, 16))
    sizes = torch.linalg.svdvals(orthogonal(matrix))
    assert float(sizes.min()) > 0.6
    assert float(sizes.max()) < 1.3


def test_muon_goes_downhill() -> None:
    goal = torch.randn(8, 6, generator=torch.Generator().manual_seed(5))
    weight = torch.nn.Parameter(torch.zeros(8, 6))
    optimizer = Muon([weight], lr=0.05, weight_decay=0.0)
    start = float(((weight - goal) ** 2).mean().detach())
    for _ in range(200):
        optimizer.zero_grad()
        torch.autograd.backward(((weight - goal) ** 2).mean())
        optimizer.step()
    assert float(((weight - goal) ** 2).mean().detach()) < 0.2 * start


def test_the_schedule_goes_on_where_it_was() -> None:
    whole = [(step, stage, rate) for step, stage, rate in schedule(0)]
    assert [step for step, _, _ in whole] == list(range(sum(stage.steps for stage in STAGES)))
    assert list(schedule(1000)) == whole[1000:]
    assert whole[-1][2] < 1e-5, "the rate ends near nothing"


@pytest.mark.slow
def test_two_steps_then_stopped_then_a_third(tmp_path: Path) -> None:
    store = Store(3, size=12)
    store.refresh(12, LISTENING)
    maker = WindowMaker(store, 3)
    stage = STAGES[1]
    batches = [maker.batch(Shape(seconds=3.0, count=3, most=1, silent=0.0)) for _ in range(3)]
    trainer = Trainer(tmp_path, "cpu")
    for batch in batches[:2]:
        losses = trainer.train(batch, stage, 1e-3)
        assert losses.text is not None
        assert math.isfinite(float(losses.text.detach()))
    trainer.save()
    resumed = Trainer(tmp_path, "cpu")
    assert resumed.step == 2
    same = [one.train(batches[2], stage, 1e-3).frames for one in (trainer, resumed)]
    assert float(same[0].detach()) == pytest.approx(float(same[1].detach()), rel=1e-4)
    assert (tmp_path / "model.pt").stat().st_size < 30_000_000


@pytest.mark.slow
def test_a_blend_lies_between_two_ends_and_training_goes_on_there(tmp_path: Path) -> None:
    def weight(trainer: Trainer) -> torch.Tensor:
        return next(trainer.model.parameters()).detach().clone()

    trainer = Trainer(tmp_path, "cpu")
    trainer.blend(1.0)
    first = weight(trainer)
    trainer.save()
    resumed = Trainer(tmp_path, "cpu")
    with torch.no_grad():
        for parameter in resumed._average.module.parameters():
            parameter.add_(1.0)
    resumed.blend(0.75)
    assert torch.allclose(weight(resumed), first + 0.75)
    resumed.blend(0.5)
    assert torch.allclose(weight(resumed), first + 0.75), "what is remembered is the last blend"


@pytest.mark.parametrize(
    ("wanted", "got", "rate"),
    [
        ("洗衣机漏水。", "洗衣机漏水", 0.0),
        ("洗衣机漏水", "洗一机漏", 2 / 5),
        ("好", "好的好", 2.0),
    ],
)
def test_character_error_rate(wanted: str, got: str, rate: float) -> None:
    assert error_rate([characters(wanted)], [characters(got)]) == pytest.approx(rate)


def test_words_are_compared_without_case_and_marks() -> None:
    assert words("It's broken, again.") == ["it's", "broken", "again"]
