"""Whisper's classes in the shipped size, and its passes with what training needs from them."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn
from whisper.model import ModelDimensions, MultiHeadAttention, Whisper, sinusoids

from asr.checkpoints.training import labels
from asr.whisper_model import ANY_LENGTH, BEAM_SIZE

ROWS = 51865
"""Rows of the multilingual token embedding."""

DIMENSIONS = ModelDimensions(
    n_mels=80,
    n_audio_ctx=1500,
    n_audio_state=256,
    n_audio_head=4,
    n_audio_layer=4,
    n_vocab=ROWS,
    n_text_ctx=448,
    n_text_state=256,
    n_text_head=4,
    n_text_layer=3,
)

_HEADS = (labels.ONSETS, labels.RIMES, labels.TONES, labels.ORDINALS)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_ZIP_LEVEL = 6
_BEAMS = 5  # as many as whisper's command line takes; one less in ten characters is wrong
_POSITION_SCALE = 0.03  # sinusoids as loud as the token embeddings they are added to


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoder outputs: what the next token is read from, and attention scores."""

    states: Tensor
    """(windows, rows, width), for ``Trainee.token_logits``."""
    scores: tuple[Tensor, ...]
    """Per guided layer (windows, heads, rows, frames), before the softmax."""


class Trainee(nn.Module):
    """Whisper with a small shared vocabulary and frame-label heads.

    Of the 51 865 tokens only ``used`` have rows of their own; all others share one row, so that
    the softmax is small and the shipped embedding packs well.
    """

    index: Tensor
    many: Tensor
    whisper: Any

    def __init__(self, used: Iterable[int]) -> None:
        super().__init__()
        self.used = sorted(set(used))
        self.whisper = Whisper(DIMENSIONS)
        width = DIMENSIONS.n_text_state
        self.embedding = nn.Parameter(torch.randn(len(self.used) + 1, width) * 0.02)
        self.heads = nn.Linear(width, sum(_HEADS))
        index = torch.full((ROWS,), len(self.used))
        index[torch.tensor(self.used)] = torch.arange(len(self.used))
        self.register_buffer("index", index, persistent=False)
        many = torch.zeros(len(self.used) + 1)
        many[-1] = float(torch.log(torch.tensor(ROWS - len(self.used), dtype=torch.float)))
        self.register_buffer("many", many, persistent=False)
        _initialise(self.whisper)
        # the whole embedding is only filled for shipping
        self.whisper.decoder.token_embedding.weight.requires_grad_(requires_grad=False)

    def hear(self, mel: Tensor, first: Tensor) -> Tensor:
        """Encoder output of windows of any length (windows, frames, width).

        Args:
            mel: log-mel spectrograms (windows, bands, twice the frames).
            first: position of each window's first frame in whisper's own window (windows,).
        """
        encoder = self.whisper.encoder
        x = F.gelu(encoder.conv1(mel))
        x = F.gelu(encoder.conv2(x)).permute(0, 2, 1)
        positions = first[:, None] + torch.arange(x.shape[1], device=x.device)
        x = x + encoder.positional_embedding[positions]
        for block in encoder.blocks:
            x = block(x)
        heard: Tensor = encoder.ln_post(x)
        return heard

    def frame_logits(self, heard: Tensor) -> tuple[Tensor, ...]:
        """Logits of the frame labels, one tensor (windows, frames, classes) per kind."""
        logits: Tensor = self.heads(heard)
        return torch.split(logits, list(_HEADS), dim=-1)

    def speak(self, tokens: Tensor, heard: Tensor) -> Decoded:
        """Decoder pass under teacher forcing; rows predict the token after theirs."""
        decoder = self.whisper.decoder
        x = self.embedding[self.index[tokens]] + decoder.positional_embedding[: tokens.shape[1]]
        scores: list[Tensor] = []
        guided = len(decoder.blocks) // 2  # whisper's default alignment heads: the upper layers
        for layer, block in enumerate(decoder.blocks):
            x = x + block.attn(block.attn_ln(x), mask=decoder.mask)[0]
            if layer >= guided:
                y, score = _cross(block.cross_attn, block.cross_attn_ln(x), heard)
                scores.append(score)
            else:
                y = block.cross_attn(block.cross_attn_ln(x), heard)[0]
            x = x + y
            x = x + block.mlp(block.mlp_ln(x))
        return Decoded(decoder.ln(x), tuple(scores))

    def token_logits(self, states: Tensor, rows: Tensor | None = None) -> Tensor:
        """Logits over the tokens in use, or some of them; the last stands for all others."""
        if rows is None:
            return states @ self.embedding.t() + self.many
        return states @ self.embedding[rows].t() + self.many[rows]

    def fill(self) -> Whisper:
        """Whisper itself with the whole token embedding filled in."""
        with torch.no_grad():
            self.whisper.decoder.token_embedding.weight.copy_(self.embedding[self.index])
        return self.whisper


def _cross(attention: MultiHeadAttention, x: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
    # openai-whisper detaches the scores it returns; the guide needs their gradient
    heads = attention.n_head

    def split(y: Tensor) -> Tensor:
        return y.view(*y.shape[:2], heads, -1).transpose(1, 2)

    query, key = split(attention.query(x)), split(attention.key(heard))
    score = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5
    mixed = score.softmax(-1) @ split(attention.value(heard))
    return attention.out(mixed.transpose(1, 2).flatten(2)), score


def _initialise(model: Whisper) -> None:
    for name, parameter in model.named_parameters():
        if "token_embedding" in name or parameter.dim() == 1:
            continue
        if name == "decoder.positional_embedding":
            wave = sinusoids(DIMENSIONS.n_text_ctx, DIMENSIONS.n_text_state)
            parameter.data.copy_(wave * _POSITION_SCALE)
        elif "conv" in name:
            nn.init.kaiming_normal_(parameter)
        else:
            nn.init.xavier_uniform_(parameter)
            if name.endswith(("out.weight", "mlp.2.weight")):
                parameter.data.mul_(0.4)  # residual branches begin small
    for module in model.modules():
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)


def save(model: Trainee, path: Path) -> None:
    """Writes what ``whisper.load_model`` reads, and how our engine is to hear with it.

    Dimensions and half-precision weights, and what those of openai-whisper do not hold: that it
    was trained on windows of every length, and how many beams it is decoded with.

    The archive is deflated, which ``torch.load`` reads as well: the 38 000 rows of tokens that
    the model never says are alike and shrink to nothing. The same weights give the same bytes.
    """
    weights = {name: value.half() for name, value in model.fill().state_dict().items()}
    plain = io.BytesIO()
    checkpoint = {
        "dims": asdict(DIMENSIONS),
        ANY_LENGTH: True,
        BEAM_SIZE: _BEAMS,
        "model_state_dict": weights,
    }
    torch.save(checkpoint, plain)
    aside = path.with_suffix(".part")
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(aside, "w") as target:
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            target.writestr(fixed, source.read(entry), zipfile.ZIP_DEFLATED, _ZIP_LEVEL)
    aside.replace(path)
