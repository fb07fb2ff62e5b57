"""The whole sample centre: an inbox as a real centre's, and the truth beside it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from random import Random

from interactions.interaction import Channel
from samples import truth
from samples.broken import Broken, break_some
from samples.calls import Oddity, TranscriptKind, plan_calls
from samples.chats import contacts_of
from samples.exports import Written, write_chats, write_mail, write_tickets
from samples.inbox import write_beside, write_manifest
from samples.messages import timed
from samples.recorder import Recorded, record_group
from samples.waves import WAVES

LAST_DAY = date(2026, 3, 31)
"""The calls are of this day and the written contacts end with it."""

# Each group is spoken by a process of its own, in order: what espeak-ng remembers from one text to
# the next is then the same every time, on any number of cores.
_GROUPS = 2
_MARK = "centre.json"
# The broken recordings are made from one of these.
_WHOLE = frozenset({"alaw", "mulaw"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a sample.

    Attributes:
        calls: Ordinary calls; one more is made for each oddity, and some broken files.
        days: Days of chats, e-mails and tickets up to and with ``LAST_DAY``.
        transcripts: Whether half of the calls come with a transcript made elsewhere.
    """

    seed: int = 1
    calls: int = 40
    days: int = 60
    transcripts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made."""

    recordings: int
    broken: int
    call_ms: int
    chats: int
    mail: int
    tickets: int


def make(folder: Path, size: Size) -> Made:
    """Make the sample centre in ``folder``: ``inbox/calls``, ``inbox/chats`` and ``truth``.

    The same size gives the same bytes. A sample that is there already is made anew.

    Raises:
        FileExistsError: ``folder`` holds an inbox that is no sample.
    """
    inbox, answers = folder / "inbox", folder / "truth"
    if inbox.exists() and any(inbox.iterdir()) and not (answers / _MARK).exists():
        raise FileExistsError(f"{inbox} holds files that are no sample; give another folder")
    for stale in (inbox / "calls", inbox / "chats", answers):
        if stale.exists():
            shutil.rmtree(stale)
        stale.mkdir(parents=True)
    plans = plan_calls(size.seed, size.calls, LAST_DAY)
    if not size.transcripts:
        plans = tuple(replace(plan, transcript=TranscriptKind.NONE) for plan in plans)
    groups = [plans[start::_GROUPS] for start in range(_GROUPS)]
    with ProcessPoolExecutor(
        max_workers=_GROUPS, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        tasks = [pool.submit(record_group, group, inbox / "calls", size.seed) for group in groups]
        written = _texts(inbox / "chats", answers, size)
        calls = sorted(
            chain.from_iterable(task.result() for task in tasks),
            key=lambda call: call.plan.contact.interaction_id,
        )
    broken = _beside(inbox / "calls", answers, calls)
    made = Made(
        recordings=len(calls),
        broken=len(broken),
        call_ms=sum(call.layout.duration_ms for call in calls),
        chats=len(written[Channel.CHAT]),
        mail=len(written[Channel.EMAIL]),
        tickets=len(written[Channel.TICKET]),
    )
    first_day = LAST_DAY - timedelta(days=size.days - 1)
    truth.write_json(answers / "spikes.json", [wave.truth(LAST_DAY, first_day) for wave in WAVES])
    truth.write_json(answers / _MARK, {**asdict(size), "last_day": str(LAST_DAY), **asdict(made)})
    return made


def _beside(folder: Path, answers: Path, recorded: list[Recorded]) -> tuple[Broken, ...]:
    """Write what lies beside the recordings, the broken ones, the manifest and the truth."""
    for call in recorded:
        beside = write_beside(folder, call)
        files = [f"calls/{name}" for name in (*call.files, *beside)]
        name = f"{call.plan.contact.interaction_id}.json"
        truth.write_json(answers / name, truth.of_call(call, files))
    whole = next(
        call for call in recorded if call.plan.form in _WHOLE and call.plan.oddity is Oddity.NONE
    )
    broken = break_some(folder, folder / whole.files[0])
    write_manifest(folder, recorded, broken, "manifest.csv")
    truth.write_json(
        answers / "broken.json",
        [{"item": f"calls/{entry.name}", "kind": entry.kind, "why": entry.why} for entry in broken],
    )
    return broken


def _texts(folder: Path, answers: Path, size: Size) -> dict[Channel, list[Written]]:
    found: dict[Channel, list[Written]] = defaultdict(list)
    months: dict[tuple[Channel, str], list[Written]] = defaultdict(list)
    truths: list[truth.Json] = []
    for number in range(size.days):
        day = LAST_DAY - timedelta(days=size.days - 1 - number)
        rng = Random(f"{size.seed}:messages:{day}")
        contacts = contacts_of(size.seed, day, LAST_DAY)
        written = [(contact, timed(contact, rng)) for contact in contacts]
        chats = [entry for entry in written if entry[0].channel is Channel.CHAT]
        name = write_chats(folder, day, number, chats)
        truths += [truth.of_text(c, m, f"chats/{name}#{c.interaction_id}") for c, m in chats]
        for entry in written:
            found[entry[0].channel].append(entry)
            if entry[0].channel is not Channel.CHAT:
                months[entry[0].channel, f"{day:%Y-%m}"].append(entry)
    for (channel, month), letters in sorted(months.items()):
        write = write_mail if channel is Channel.EMAIL else write_tickets
        name = write(folder, month, letters)
        truths += [truth.of_text(c, m, f"chats/{name}#{c.interaction_id}") for c, m in letters]
    truth.write_lines(answers / "chats.jsonl", truths)
    return found
