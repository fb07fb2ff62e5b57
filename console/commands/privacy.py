"""``tingjian redact`` and ``tingjian privacy``: what is personal, who saw it, and its keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.session import FAILED, Refusal, Session, session_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from interactions.interaction import Interaction
    from pipelines.privacy import Privacy
    from pipelines.settings import Settings

FORMATS = ("text", "json", "srt", "vtt")
_ENDINGS = {"text": ".txt", "json": ".json", "srt": ".srt", "vtt": ".vtt"}
_MIB = 2**20
_UNTIL = {"yours": "privacy.until_yours", "room": "privacy.until_room"}
_ACTS = {
    "listen": "privacy.act_listen",
    "reveal": "privacy.act_reveal",
    "export": "privacy.act_export",
}


def redact(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="IDS", show_default=False)],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR")] = Path(),
    form: Annotated[str, typer.Option("--format", metavar="|".join(FORMATS))] = "text",
    words_only: Annotated[bool, typer.Option("--words")] = False,
    silence: Annotated[bool, typer.Option("--silence")] = False,
) -> None:
    """Write interactions without what is personal in them: text and sound."""
    from console.pointing import interaction_meant
    from warehouse.read import interactions
    from warehouse.store import open_warehouse

    session = session_of(context)
    session.chosen("--format", form, FORMATS)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        meant = [interaction_meant(session, warehouse, one) for one in ids]
        found = interactions(warehouse, meant, with_contours=False)
    out.mkdir(parents=True, exist_ok=True)
    for one in found:
        _write_text(session, one, form, out)
        if not words_only and one.recording is not None:
            _write_sound(session, settings, one, out, tone=not silence)


def _name(one: Interaction) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in one.interaction_id)


def _write_text(session: Session, one: Interaction, form: str, out: Path) -> None:
    from pipelines.redaction import masked, redaction_of

    hidden = redaction_of(one)
    path = out / f"{_name(one)}{_ENDINGS[form]}"
    path.write_text(_rendered(session, masked(one, hidden), form), encoding="utf-8")
    places = sum(len(hit.places) for hit in hidden.hits)
    session.say("privacy.written", path=path, hits=len(hidden.hits), places=places)


def _rendered(session: Session, one: Interaction, form: str) -> str:
    from console.json_output import as_json
    from console.messages.texts import clean
    from console.session import clock
    from interactions.subtitles import srt, vtt

    if form == "json":
        return as_json({"interaction_id": one.interaction_id, "utterances": one.utterances}) + "\n"
    if form != "text":
        write = srt if form == "srt" else vtt
        return write(one.utterances, lambda party: session.texts(f"party.{party.value}"))
    return "".join(
        f"{clock(u.start_ms)}  {session.texts(f'party.{u.party.value}')}  {clean(u.text)}\n"
        for u in one.spoken()
    )


def _write_sound(
    session: Session, settings: Settings, one: Interaction, out: Path, *, tone: bool
) -> None:
    from asr import waveform
    from pipelines.redaction import cover, hidden_times, redaction_of

    if one.recording is None:
        return
    path = out / f"{_name(one)}.wav"
    if not one.utterances:
        raise Refusal(session.texts("privacy.no_words", id=one.interaction_id), code=FAILED)
    files = [settings.inbox / file for file in one.recording.files]
    heard = waveform.read(files, item=str(files[0]))
    times = hidden_times(one, redaction_of(one))
    plain = path.with_name(f".{path.name}")
    try:
        waveform.write_wav(heard, plain)
        cover(plain, path, times, tone=tone)
    finally:
        plain.unlink(missing_ok=True)
    seconds = sum(end - start for start, end in times) / 1000
    session.say("privacy.sound", path=path, seconds=f"{seconds:.1f}")


def report(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say what is kept about people, where and until when, and who looked at it."""
    from console.json_output import write
    from pipelines.privacy import report as made
    from warehouse.store import open_warehouse

    session = session_of(context)
    settings = session.settings()
    with open_warehouse(settings.warehouse, read_only=True) as warehouse:
        found = made(settings, warehouse)
    if json:
        write(found)
        return
    for block in _page(session, found, settings):
        session.out.print(block)


def new_key(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
) -> None:
    """Write a new key that only the owner of the file may read."""
    from pipelines.encryption import make_key

    make_key(path)
    session_of(context).say("privacy.key_made", path=path.absolute())


def rekey(
    context: typer.Context,
    *,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE")] = None,
) -> None:
    """Encrypt what the centre keeps under a new key."""
    from pipelines.encryption import encrypt_anew, opens

    session = session_of(context)
    settings = session.settings()
    try:
        done = encrypt_anew(settings, to)
    finally:  # a rotation that stops half-way has changed the centre's key already
        if to is not None and opens(settings, to):
            session.say("privacy.new_key_counts", path=to.absolute())
    session.say("privacy.rekeyed", files=done.files, databases=done.databases, style="green")


def _page(session: Session, found: Privacy, settings: Settings) -> list[RenderableType]:
    from zoneinfo import ZoneInfo

    from console.session import plain
    from console.tables import titled
    from interactions.personal.kinds import LABELS

    texts, zone = session.texts, ZoneInfo(settings.centre.timezone)
    kept = titled(
        texts("privacy.kept"),
        [texts(f"privacy.{name}") for name in ("what", "where", "files", "size", "until")],
    )
    for one in found.kept:
        kept.add_row(
            texts(f"privacy.what_{one.what}"), plain(one.where), str(one.files),
            f"{one.size / _MIB:.1f} MiB", texts(_UNTIL[one.until]),
        )  # fmt: skip
    place = int(texts.language == "en")
    kinds = titled(
        texts("privacy.holds", count=found.interactions),
        (texts("privacy.kind"), texts("privacy.interactions")),
    )
    for kind, count in found.kinds.items():
        kinds.add_row(LABELS[kind][place], str(count))
    looked = titled(
        texts("privacy.looked"),
        [texts(f"privacy.{name}") for name in ("person", "act", "times", "about", "first", "last")],
    )
    for row in found.looked:
        looked.add_row(
            plain(row.person), texts(_ACTS[row.act]), str(row.times),
            str(row.interactions), f"{row.first_at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{row.last_at.astimezone(zone):%Y-%m-%d %H:%M}",
        )  # fmt: skip
    encrypted = plain(texts(f"privacy.{'encrypted' if found.is_encrypted else 'not_encrypted'}"))
    return [kept, encrypted, kinds, looked if found.looked else plain(texts("privacy.nobody"))]
