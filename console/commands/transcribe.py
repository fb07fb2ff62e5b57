"""``tingjian transcribe``: recordings written down, for whoever only wants that."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from console.messages.texts import clean
from console.session import FAILED, Refusal, Session, clock, lasting, session_of
from pipelines.discretion import without_identifiers

if TYPE_CHECKING:
    from asr.transcriber import Transcriber
    from console.transcript_files import Written
    from interactions.sound import Party
    from pipelines.dictation import Dictation
    from pipelines.settings import Settings

LANGUAGES = ("auto", "zh", "en", "mixed")
SEVERAL = "== {name} ==\n"
ONE_EACH = frozenset({"srt", "vtt"})
"""Formats of which a stream can hold only one."""


@dataclass(frozen=True, slots=True)
class _Output:
    """Where transcripts go.

    Attributes:
        form: Of ``console.transcript_files.FORMATS``.
        places: A file for each; None for standard output.
        several: Whether there are several.
    """

    form: str
    places: list[Path] | None
    several: bool


def transcribe(  # noqa: PLR0913 - typer makes an option of each
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILES", show_default=False)],
    *,
    weights: Annotated[str, typer.Option("--weights", metavar="NAME|PATH")] = "",
    language: Annotated[str, typer.Option("--language", metavar="auto|zh|en|mixed")] = "auto",
    tracks: Annotated[str, typer.Option("--tracks", metavar="PARTY,PARTY")] = "",
    form: Annotated[str, typer.Option("--format", metavar="text|json|srt|vtt")] = "text",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR")] = None,
) -> None:
    """Write recordings down."""
    from interactions.interaction import Language
    from pipelines.dictation import Dictation

    session = session_of(context)
    session.chosen("--language", language, LANGUAGES)
    output = _output(session, files, form, out)
    settings = _settings(session, weights)
    given = Dictation(
        language=Language.UNKNOWN if language == "auto" else Language(language),
        tracks=_parties(session, tracks),
    )
    written, failed = _all_written(session, files, settings, given, output)
    _conclude(session, written, failed)
    if failed:
        raise typer.Exit(FAILED)


def _output(session: Session, files: Sequence[Path], form: str, out: Path | None) -> _Output:
    from console.transcript_files import FORMATS, places

    session.chosen("--format", form, tuple(FORMATS))
    if out is None:
        if form in ONE_EACH and len(files) > 1:
            raise Refusal(session.texts("transcribe.needs_out", form=form))
        return _Output(form, None, len(files) > 1)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refusal(session.texts("init.not_made", path=str(out), reason=reason)) from None
    return _Output(form, places(files, out, form), len(files) > 1)


def _settings(session: Session, weights: str) -> Settings:
    """Return the centre's settings where there is one, with the weights that were asked for."""
    from pipelines.settings import FILE_NAME, Settings
    from pipelines.terms import OFF, PACKAGED

    there = (session.centre / FILE_NAME).is_file()
    settings = session.settings() if there else Settings()
    named = weights or (PACKAGED if settings.speech.weights == OFF else settings.speech.weights)
    speech = settings.speech.model_copy(update={"weights": named})
    return settings.model_copy(update={"speech": speech})


def _parties(session: Session, tracks: str) -> tuple[Party, ...]:
    from interactions.sound import Party

    allowed = (Party.AGENT, Party.CUSTOMER, Party.UNKNOWN)
    names = [name.strip() for name in tracks.split(",") if name.strip()]
    return tuple(
        Party(session.chosen("--tracks", name, [party.value for party in allowed]))
        for name in names
    )


def _all_written(
    session: Session,
    files: Sequence[Path],
    settings: Settings,
    given: Dictation,
    output: _Output,
) -> tuple[list[Written], int]:
    from console.json_output import write
    from console.sound_bar import sound_bar
    from console.transcript_files import as_record
    from interactions.problems import Unreadable, explain
    from pipelines.dictation import lengths_ms

    transcriber = _recogniser(session, settings)
    lengths = lengths_ms(files)
    written: list[Written] = []
    failed = 0
    with sound_bar(session.err, session.texts, total_ms=sum(lengths)) as bar:
        for at, (path, length) in enumerate(zip(files, lengths, strict=True)):
            bar.begin(path, length)
            try:
                one = _one(path, transcriber, given, bar.share)
                _put(one, output, at, session)
                written.append(one)
            except Unreadable as problem:
                failed += 1
                reason = explain(problem.code, problem.values, session.texts.language)
                _complain(session, path, reason)
            except OSError as error:
                failed += 1
                _complain(session, path, error.strerror or type(error).__name__)
            bar.finish()
    if output.form == "json" and output.places is None:
        write([as_record(one) for one in written])
    return written, failed


def _recogniser(session: Session, settings: Settings) -> Transcriber:
    from pipelines.recogniser import recogniser_of

    session.err.print(Text(session.texts("transcribe.loading"), style="dim"))
    found = recogniser_of(settings)
    if found is None:
        raise Refusal(session.texts("transcribe.off"))
    return found


def _one(
    path: Path, transcriber: Transcriber, given: Dictation, share: Callable[[float], None]
) -> Written:
    from console.transcript_files import Written
    from pipelines.dictation import dictate

    begun = time.monotonic()
    words = dictate(path, transcriber, given, share=share)
    return Written(path=path, words=words, took_s=time.monotonic() - begun)


def _put(one: Written, output: _Output, at: int, session: Session) -> None:
    """Write a transcript to its file, or to standard output where it need not wait for others."""
    from console.transcript_files import rendered

    text = rendered(one, output.form, session.texts)
    if output.places is not None:
        output.places[at].write_text(text, encoding="utf-8", errors="backslashreplace")
    elif output.form != "json":
        if output.several:
            sys.stdout.write(SEVERAL.format(name=clean(without_identifiers(str(one.path)))))
        sys.stdout.write(text)
        sys.stdout.flush()


def _complain(session: Session, path: Path, reason: str) -> None:
    line = without_identifiers(session.texts("error.at", place=str(path), reason=reason))
    mark = (f"{session.texts('error.mark')} ", "bold red")
    session.err.print(Text.assemble(mark, line), soft_wrap=True)


def _conclude(session: Session, written: Sequence[Written], failed: int) -> None:
    """Say how much was written down, how fast, and what is not believed."""
    from console.views import dropped

    texts = session.texts
    sound_s = sum(one.sound_s for one in written)
    took_s = sum(one.took_s for one in written)
    said = texts(
        "transcribe.done",
        count=len(written),
        length=clock(round(sound_s * 1000)),
        took=lasting(round(took_s * 1000), texts),
        factor=f"{took_s / max(sound_s, 0.001):.2g}",
    )
    session.err.print(Text(said), soft_wrap=True)
    codes = sum((one.dropped for one in written), Counter[str]())
    if codes:
        reasons = (f"{dropped(code, texts.language)} {n}" for code, n in sorted(codes.items()))
        listed = texts("worklist.comma").join(reasons)
        session.err.print(Text(texts("transcribe.dropped", reasons=listed)), soft_wrap=True)
    if failed:
        session.err.print(Text(texts("transcribe.failed", count=failed), style="red"))
