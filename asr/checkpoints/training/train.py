"""Trains the shipped checkpoint from nothing: ``python -m asr.checkpoints.training.train``.

Stages: the encoder alone on frame labels of short crops; encoder and decoder on short, then longer
windows; whisper's own 30-second windows at the end. State is written every few minutes, and a run
that was stopped goes on where it was.
"""

import argparse
import logging
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from asr.checkpoints.training.losses import Losses, frame_loss, guide_loss, text_loss
from asr.checkpoints.training.model import Trainee, save
from asr.checkpoints.training.optimizer import Muon
from asr.checkpoints.training.stages import STAGES, Stage, ends, schedule
from asr.checkpoints.training.utterances import Store
from asr.checkpoints.training.vocabulary import tokens_in_use
from asr.checkpoints.training.windows import Batch, WindowMaker

_log = logging.getLogger(__name__)

SEED = 20_261_121
_FIRST_FILL = 1500
_STORE = 12_000
_CLIP = 1.0
_WEIGHT_DECAY = 0.02
_AVERAGE_DECAY = 0.995
"""What is shipped is the mean over the last steps (Polyak and Juditsky, 1992), exponentially
weighted, about 200 of them: at a high learning rate it hears far better than the last step."""
_SAVE_SECONDS = 240
_REPORT_STEPS = 20


class _Batches(IterableDataset[tuple[int, Batch]]):
    """Batches of the stages from a step on, made in a process of their own."""

    def __init__(self, first: int) -> None:
        self._first = first

    def __iter__(self) -> Iterator[tuple[int, Batch]]:
        torch.set_num_threads(1)
        worker = get_worker_info()
        if worker is None:
            raise RuntimeError("batches are made in a process of their own")
        seed = SEED + 1000 * self._first + worker.id
        store = Store(seed, size=_STORE)
        first = next((stage for _, stage, _ in schedule(self._first)), STAGES[-1])
        store.refresh(_FIRST_FILL, first.mix)
        maker = WindowMaker(store, seed)
        # the loader takes from its workers in turn, so each makes every n-th step's batch
        for step, stage, _ in schedule(self._first):
            if (step - self._first) % worker.num_workers == worker.id:
                store.refresh(stage.fresh, stage.mix)
                yield step, maker.batch(stage.shape_at(step))


class Trainer:
    """Model, optimisers and where they are."""

    def __init__(self, folder: Path, device: str) -> None:
        torch.manual_seed(SEED)
        self._folder = folder
        self._device = device
        path = folder / "state.pt"
        state = torch.load(path, weights_only=True) if path.exists() else None
        self.model = Trainee(state["used"] if state else tokens_in_use()).to(device)
        matrices, others = _split(self.model)
        self._muon = Muon(matrices, lr=0.0, weight_decay=_WEIGHT_DECAY)
        self._adam = torch.optim.AdamW(
            others, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0, fused=True
        )
        self._average = AveragedModel(
            self.model,
            multi_avg_fn=get_ema_multi_avg_fn(_AVERAGE_DECAY),  # type: ignore[no-untyped-call]
        )
        self._remembered: dict[str, Tensor] | None = None
        self.step = 0
        if state:
            self._resume(state)

    def _resume(self, state: Mapping[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self._muon.load_state_dict(state["muon"])
        self._adam.load_state_dict(state["adam"])
        self._average.load_state_dict(state["average"])
        self._remembered = state.get("remembered")
        self.step = state["step"]

    def save(self) -> None:
        """Writes the state, whole or not at all, and the checkpoint as it would ship."""
        state = {
            "used": self.model.used,
            "model": self.model.state_dict(),
            "muon": self._muon.state_dict(),
            "adam": self._adam.state_dict(),
            "average": self._average.state_dict(),
            "remembered": self._remembered,
            "step": self.step,
        }
        aside = self._folder / "state.part"
        torch.save(state, aside)
        aside.replace(self._folder / "state.pt")
        save(cast("Trainee", self._average.module), self._folder / "model.pt")

    def blend(self, share: float) -> None:
        """Moves the mean towards what is remembered from an earlier end; training goes on there.

        Args:
            share: Of what was learned since then.
        """
        found = cast("Trainee", self._average.module).state_dict()
        if self._remembered is not None:
            for name, value in found.items():
                if value.is_floating_point():
                    value.lerp_(self._remembered[name].to(value.device), 1 - share)
        self.model.load_state_dict(found)
        self._remembered = {name: value.clone() for name, value in found.items()}

    def train(self, batch: Batch, stage: Stage, rate: float) -> Losses:
        """One step."""
        batch = batch.to(self._device)
        with torch.set_grad_enabled(stage.hear):
            heard = self.model.hear(batch.mel, batch.first)
            frames = frame_loss(self.model, heard, batch)
        losses = Losses(frames)
        total = stage.frames * frames
        if stage.text:
            decoded = self.model.speak(batch.tokens[:, :-1], heard)
            text = text_loss(self.model, decoded, batch, negatives=stage.negatives)
            guide = guide_loss(decoded, batch)
            losses = Losses(frames, text, guide)
            total = total + text + stage.guide * guide
        self._apply(total, rate)
        self.step += 1
        return losses

    def _apply(self, loss: Tensor, rate: float) -> None:
        for optimizer in (self._muon, self._adam):
            optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), _CLIP)
        for group in self._muon.param_groups:
            group["lr"] = rate
        for group in self._adam.param_groups:
            group["lr"] = rate * 0.5
        self._muon.step()
        self._adam.step()
        self._average.update_parameters(self.model)


def _split(model: Trainee) -> tuple[list[Tensor], list[Tensor]]:
    matrices: list[Tensor] = []
    others: list[Tensor] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        hidden = ".blocks." in name and parameter.dim() > 1
        (matrices if hidden else others).append(parameter)
    return matrices, others


class _Report:
    """Running means for the log."""

    def __init__(self) -> None:
        self._sums = [0.0, 0.0, 0.0]
        self._count = 0
        self._start = time.monotonic()

    def add(self, losses: Losses) -> None:
        for i, loss in enumerate((losses.frames, losses.text, losses.guide)):
            self._sums[i] += 0.0 if loss is None else float(loss.detach())
        self._count += 1

    def write(self, step: int, stage: Stage, rate: float) -> None:
        frames, text, guide = (value / self._count for value in self._sums)
        seconds = (time.monotonic() - self._start) / self._count
        _log.info(
            "step %d window %.0f s frames %.3f text %.3f guide %.3f rate %.1e %.2f s/step",
            *(step, stage.shapes[0].seconds, frames, text, guide, rate, seconds),
        )
        self.__init__()  # type: ignore[misc]


class _Told:
    """Whether the process was asked to end: it writes its state first."""

    def __init__(self) -> None:
        self.to_stop = False
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.to_stop = True


def run(folder: Path, *, device: str, threads: int, workers: int) -> None:
    """Trains to the end of the schedule, from the state in ``folder`` where there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(threads)
    trainer = Trainer(folder, device)
    batches = DataLoader(
        _Batches(trainer.step), batch_size=None, num_workers=workers, prefetch_factor=6
    )
    report, saved = _Report(), time.monotonic()
    told = _Told()
    for (step, batch), (own, stage, rate) in zip(batches, schedule(trainer.step), strict=True):
        if step != own:
            raise RuntimeError(f"batch of step {step} came at step {own}")
        report.add(trainer.train(batch, stage, rate))
        if (step + 1) % _REPORT_STEPS == 0:
            report.write(step + 1, stage, rate)
        ended = ends(step)
        if ended is not None and ended.blend is not None:
            trainer.blend(ended.blend)
        if time.monotonic() - saved > _SAVE_SECONDS:
            trainer.save()
            saved = time.monotonic()
        if told.to_stop:
            break
    trainer.save()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where state and checkpoint are written")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=1, help="of the training process")
    parser.add_argument("--workers", type=int, default=1, help="processes that make batches")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    run(
        options.folder,
        device=options.device,
        threads=options.threads,
        workers=options.workers,
    )


if __name__ == "__main__":
    main()
