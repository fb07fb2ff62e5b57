"""What is watched and who is told: the sections ``[alerts]`` and ``[watch]`` of the settings.

No address and no secret stands in the settings: they name variables of the environment.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Level = Literal["minor", "major", "critical"]
LEVELS: tuple[Level, ...] = ("minor", "major", "critical")
OFF_OR_LEVEL = Literal["off", "minor", "major", "critical"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_VARIABLE = r"^([A-Z_][A-Z0-9_]*)?$"


def _hours(text: str) -> str:
    if text and _HOURS.fullmatch(text) is None:
        msg = f"{text!r} are no hours; write them such as '22:00-08:00'"
        raise ValueError(msg)
    return text


Hours = Annotated[str, AfterValidator(_hours)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSettings(_Part):
    """One way to reach people.

    Attributes:
        name: By which it is called everywhere.
        kind: What it speaks.
        address: Variable of the environment with the address: the robot's URL as the platform shows
            it, the webhook's URL, or an Apprise URL for ``slack``, ``email`` and ``apprise``.
        sign: Variable with the key that messages are signed with; empty: not signed.
        level: Lower alerts are not sent there.
        sources: Only alerts of these sources; empty: all. ``queues`` likewise.
        step: 0: told at once; 1 and up: told when nobody acknowledged (``escalate_minutes``).
        language: ``zh``, ``en`` or empty for the centre's.
    """

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")]
    kind: Literal["dingtalk", "wecom", "feishu", "slack", "email", "webhook", "apprise"]
    address: Annotated[str, Field(pattern=_VARIABLE, min_length=1)]
    sign: Annotated[str, Field(pattern=_VARIABLE)] = ""
    level: Level = "major"
    sources: tuple[Literal["finding", "score", "spike", "anomaly", "missing", "pipeline"], ...] = ()
    queues: tuple[str, ...] = ()
    step: Annotated[int, Field(ge=0, le=9)] = 0
    language: Literal["", "zh", "en"] = ""


class ShiftSettings(_Part):
    """Who is on duty when: a channel that stands in any shift is told only while one of them is on.

    Attributes:
        channels: Their names.
        days: Weekdays on which the shift begins.
        hours: In the centre's time; they may go past midnight.
        every_weeks: 2: every other week, counted from the week of ``first``.
        first: A day of the first week.
    """

    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = WEEKDAYS  # type: ignore[assignment]
    hours: Hours = "00:00-00:00"
    every_weeks: Annotated[int, Field(ge=1, le=52)] = 1
    first: date = date(2024, 1, 1)


class RuleAlertSettings(_Part):
    """What is different for one rule, sheet or timer.

    Attributes:
        level: ``off``: never an alert; empty: as its severity says.
        hits: Nobody is told before so many alerts came within ``within_minutes``.
        cooldown_minutes: Instead of the centre's; -1: the centre's.
    """

    level: Literal["", "off", "minor", "major", "critical"] = ""
    hits: Annotated[int, Field(ge=1)] = 1
    within_minutes: Annotated[int, Field(ge=1)] = 60
    cooldown_minutes: Annotated[int, Field(ge=-1)] = -1


class AlertSettings(_Part):
    """What alarms, and when it is told.

    Attributes:
        findings: Least severity of a finding that alarms, or ``off``.
        spikes: Level of a spike; ``anomalies`` of words and teams that drift, ``failures`` of the
            pipeline's own; ``off``: none.
        fresh_hours: What ended, or happened, earlier than so many hours ago alarms nobody.
        cooldown_minutes: Alerts of one group are told together, at most once in this time.
        hourly_cap: Most messages a channel gets in any hour; what comes on top is told together.
        quiet: Hours in which only ``quiet_level`` and above is told; empty: none.
        quiet_level: See ``quiet``.
        escalate_minutes: After how long without an acknowledgement the channels of step 1, 2 … are
            told too, each counted from the raising.
        escalate_level: Lower alerts do not escalate.
        open_days: After so many days an alert that was told is not open any more.
        link: Where an interaction is opened, its id is put behind; empty: messages hold no link.
        rules: By rule, sheet or timer.
        channels: Where to; none: alerts are stored and shown, nothing is sent anywhere.
        shifts: The duty rota.
    """

    findings: OFF_OR_LEVEL = "critical"
    spikes: OFF_OR_LEVEL = "major"
    anomalies: OFF_OR_LEVEL = "minor"
    failures: OFF_OR_LEVEL = "critical"
    fresh_hours: Annotated[int, Field(ge=1, le=8760)] = 48
    cooldown_minutes: Annotated[int, Field(ge=0, le=10_080)] = 30
    hourly_cap: Annotated[int, Field(ge=1, le=1000)] = 20
    quiet: Hours = ""
    quiet_level: Level = "critical"
    escalate_minutes: tuple[Annotated[int, Field(ge=1)], ...] = (15, 60)
    escalate_level: Level = "critical"
    open_days: Annotated[int, Field(ge=1, le=365)] = 7
    link: str = ""
    rules: dict[str, RuleAlertSettings] = Field(default_factory=dict)
    channels: tuple[ChannelSettings, ...] = ()
    shifts: tuple[ShiftSettings, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        names = [one.name for one in self.channels]
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            msg = f"two channels are called {twice[0]!r}; give each a name of its own"
            raise ValueError(msg)
        missing = sorted({one for shift in self.shifts for one in shift.channels} - set(names))
        if missing:
            msg = f"a shift names the channel {missing[0]!r}, which is not among the channels"
            raise ValueError(msg)
        return self


class MissingSettings(_Part):
    """Something that has to be said in time in a running chat.

    Attributes:
        name: By which alerts name it.
        party: Who has to say it.
        after: From what on the time runs: the chat's ``start``, or each message of the
            ``customer`` that stands unanswered.
        within_seconds: How long there is.
        any_of: Words of which one has to be in the message; empty: any message will do.
        level: Of the alert.
        queues: Only chats of these queues; empty: all.
    """

    name: Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")]
    party: Literal["agent", "customer"] = "agent"
    after: Literal["start", "customer"] = "start"
    within_seconds: Annotated[int, Field(ge=1, le=86_400)] = 10
    any_of: tuple[str, ...] = ()
    level: Level = "major"
    queues: tuple[str, ...] = ()


class WatchSettings(_Part):
    """How the inbox is watched.

    Attributes:
        complete: When a file counts as whole: ``settled`` (unchanged for ``settle_seconds``) or
            ``marker`` (an empty file ``NAME.done`` lies beside it).
        settle_seconds: See ``complete``.
        chat_idle_seconds: A running chat to which nothing was added for so long has ended.
        live_hours: Chat files that were not written to for so long are left to the night.
        missing: Timers.
    """

    complete: Literal["settled", "marker"] = "settled"
    settle_seconds: Annotated[int, Field(ge=1, le=3600)] = 2
    chat_idle_seconds: Annotated[int, Field(ge=5, le=86_400)] = 300
    live_hours: Annotated[int, Field(ge=1, le=168)] = 24
    missing: tuple[MissingSettings, ...] = ()
