"""One centre's settings: the file ``tingjian.toml`` in the centre's folder.

Every setting is documented in docs/settings.md; a test compares the two.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipelines.alert_settings import AlertSettings, WatchSettings
from pipelines.asking_settings import AskingSettings

FILE_NAME = "tingjian.toml"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a centre's settings.

    Attributes:
        code: ``not_found``, ``not_opened``, ``not_toml``, ``no_pack``, ``no_sheet``, ``sentiment``,
            ``not_a_setting``, or
            pydantic's type of error. The console has a text for each.
        setting: For example ``night.workers``; empty for the file as a whole.
        found: What is written there.
        allowed: The limit, the allowed values, or what a library says.
    """

    code: str
    setting: str = ""
    found: str = ""
    allowed: str = ""


class SettingsError(Exception):
    """Settings that cannot be used.

    Args:
        message: File, setting and remedy in English, one line each thing.
        path: The settings file.
        wrong: The same one by one, for whoever tells it in another language.
    """

    def __init__(self, message: str, path: Path, *wrong: Wrong) -> None:
        self.path = path
        self.wrong = wrong
        super().__init__(message)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        msg = f"{name!r} is no time zone; write one such as 'Asia/Shanghai'"
        raise ValueError(msg) from None
    return name


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        msg = f"{pattern!r} is no regular expression: {error}"
        raise ValueError(msg) from None
    return pattern


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CentreSettings(_Section):
    """Who we are.

    Attributes:
        name: Shown on reports.
        timezone: What a time without a zone means, and where a day begins and ends.
        language: Language of reports, ``zh`` or ``en``.
    """

    name: str = "Tingjian"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"


class IntakeSettings(_Section):
    """Where interactions come from.

    Attributes:
        inbox: Folder with recordings, chats and manifests, relative to the centre's folder.
        longest_minutes: A longer recording is set aside (a line that was never hung up).
        file_pattern: Regular expression with named groups (``started_at``, ``agent``, ``queue`` …)
            that reads a recording's file name; empty: file names say nothing.
        file_datetime: How ``started_at`` is written in file names (``strptime``).
        assumed_date: Day (``YYYY-MM-DD``) that a person gives to texts without any time; empty:
            such texts are set aside.
        agent_track: Which track of a stereo recording is the agent's (1 or 2) where no manifest
            says so; 0: nobody knows, what is said decides.
        columns: The centre's own column names, each with ours behind it.
    """

    inbox: str = "inbox"
    longest_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    file_pattern: Annotated[str, AfterValidator(_compiles)] = ""
    file_datetime: str = "%Y%m%d%H%M%S"
    assumed_date: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    agent_track: Literal[0, 1, 2] = 0
    columns: dict[str, str] = Field(default_factory=dict)


class SpeechSettings(_Section):
    """How recordings are heard.

    Attributes:
        weights: Whisper's weights: a name (``base``, ``turbo`` …), a path, ``packaged`` for the
            checkpoint in the box, or ``none``: no words, only timing and voice.
        folder: Where names are looked for before openai-whisper's own cache; empty: nowhere.
        engine: ``whisper``, or ``faster-whisper`` where that is installed.
        language: Language of all calls, or ``auto``.
        device: ``auto``, ``cpu`` or ``cuda``.
    """

    weights: str = "none"
    folder: str = ""
    engine: Literal["whisper", "faster-whisper"] = "whisper"
    language: Literal["auto", "zh", "en"] = "auto"
    device: Literal["auto", "cpu", "cuda"] = "auto"


class LexiconSettings(_Section):
    """Names and terms that guide recognition.

    Attributes:
        terms: For every call, the most important first. ``hotwords.products`` come behind them.
        queues: Queue → its own terms, which come before all others.
    """

    terms: tuple[str, ...] = ()
    queues: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class RuleSettings(_Section):
    """What is inspected.

    Attributes:
        packs: Names of shipped packs in use.
        folder: The centre's own rule files, relative to the centre's folder.
        least_precision: What people's verdicts must leave possible: a rule whose precision is below
            it even at the upper end of its interval is a hint and no alert.
        precisions: The same for single rules, by id.
    """

    packs: tuple[str, ...] = (
        "service_zh",
        "complaints_zh",
        "service_en",
        "complaints_en",
        "conversation",
    )
    folder: str = "rules"
    least_precision: Annotated[float, Field(ge=0, le=1)] = 0.5
    precisions: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)


class ScoreSettings(_Section):
    """How interactions are scored.

    Attributes:
        sheets: Names of shipped score sheets in use.
        folder: The centre's own sheets, relative to the centre's folder.
    """

    sheets: tuple[str, ...] = ("service_zh", "service_en")
    folder: str = "sheets"


class HotwordSettings(_Section):
    """When a rise is a spike.

    Attributes:
        q: Highest tolerated share of false spikes among those reported (false discovery rate).
        least_contacts: Fewer contacts on a day are never a spike.
        least_customers: A rise of fewer distinct customers is shown as one of few customers.
        products: Product names and other terms that the tokenizer keeps whole.
        served: File with what the centre serves by day (users, orders), relative to the centre's
            folder; empty: none.
    """

    q: Annotated[float, Field(gt=0, lt=1)] = 0.05
    least_contacts: Annotated[int, Field(ge=1)] = 5
    least_customers: Annotated[int, Field(ge=1)] = 3
    products: tuple[str, ...] = ()
    served: str = ""


class NightSettings(_Section):
    """How a night is run.

    Attributes:
        workers: Shards worked on at once.
        shard_minutes: A shard of recordings is closed once it holds this much sound.
        shard_texts: Texts in one shard.
        control_share: Share of interactions put on the worklist at random, so that what the rules
            miss becomes known.
    """

    workers: Annotated[int, Field(ge=1, le=256)] = 2
    shard_minutes: Annotated[int, Field(ge=1)] = 10
    shard_texts: Annotated[int, Field(ge=1)] = 500
    control_share: Annotated[float, Field(ge=0, le=1)] = 0.02


class ConsoleSettings(_Section):
    """How people reach the console.

    Attributes:
        host: Address that it listens at; behind a reverse proxy leave it at ``127.0.0.1``.
        port: TCP port.
        https: Whether browsers reach it by HTTPS: then cookies are sent over nothing else.
        session_hours: Longest time signed in; ``idle_minutes`` the longest without a request.
        least_password: Fewest characters of a password.
        sign_on_header: Header in which a reverse proxy names the person whom it has signed in;
            empty: people sign in here. Believed from ``proxies`` only.
        proxies: Addresses of reverse proxies.
        appeal_days: Days within which an agent may appeal, from the last verdict on.
        outsourced: Teams that are not one's own; reports set the two side by side.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8420
    https: bool = False
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    idle_minutes: Annotated[int, Field(ge=5, le=1440)] = 120
    least_password: Annotated[int, Field(ge=8, le=64)] = 10
    sign_on_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]*$")] = ""
    proxies: tuple[str, ...] = ("127.0.0.1",)
    appeal_days: Annotated[int, Field(ge=1, le=365)] = 7
    outsourced: tuple[str, ...] = ()


class Settings(_Section):
    """Everything a centre can set, and the folder it is in."""

    centre: CentreSettings = CentreSettings()
    intake: IntakeSettings = IntakeSettings()
    speech: SpeechSettings = SpeechSettings()
    lexicon: LexiconSettings = LexiconSettings()
    rules: RuleSettings = RuleSettings()
    scores: ScoreSettings = ScoreSettings()
    hotwords: HotwordSettings = HotwordSettings()
    night: NightSettings = NightSettings()
    console: ConsoleSettings = ConsoleSettings()
    alerts: AlertSettings = AlertSettings()
    watch: WatchSettings = WatchSettings()
    asking: AskingSettings = AskingSettings()
    folder: Path = Field(default=Path(), exclude=True)

    @property
    def inbox(self) -> Path:
        """Folder that intake reads."""
        return Path(os.path.normpath(self.folder / self.intake.inbox))

    @property
    def weights_folder(self) -> Path | None:
        """Folder in which names of weights are looked for first; None where none is set."""
        return self.folder / self.speech.folder if self.speech.folder else None

    @property
    def spool(self) -> Path:
        """Folder of finished shards."""
        return self.folder / "spool"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.folder / "warehouse.duckdb"

    @property
    def console_warehouse(self) -> Path:
        """The console's own DuckDB file, made from the same spool: neither waits for the other."""
        return self.folder / "console.duckdb"

    @property
    def search_index(self) -> Path:
        """What the console's search finds by; made from the same spool."""
        return self.folder / "console.search.sqlite"

    @property
    def sound(self) -> Path:
        """Folder of recordings that were made playable for listeners."""
        return self.folder / ".sound"

    @property
    def rule_folder(self) -> Path:
        """Folder of the centre's own rule files."""
        return self.folder / self.rules.folder

    @property
    def sheet_folder(self) -> Path:
        """Folder of the centre's own score sheets."""
        return self.folder / self.scores.folder


def load(folder: Path) -> Settings:
    """Read ``folder/tingjian.toml``.

    Raises:
        SettingsError: No such file, not TOML, or a setting that is unknown or out of range.
    """
    path = folder / FILE_NAME
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = (
            f"{path}: not found; make a centre with `tingjian init FOLDER`, or name yours with "
            "`--centre FOLDER`"
        )
        raise SettingsError(message, path, Wrong("not_found")) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        message = f"{path}: cannot be opened ({why}); check its rights"
        raise SettingsError(message, path, Wrong("not_opened", allowed=why)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{path}: not readable as TOML ({error}); correct it"
        raise SettingsError(message, path, Wrong("not_toml", allowed=str(error))) from None
    if "folder" in values:
        message = f"{path}: 'folder' is no setting; remove it"
        raise SettingsError(message, path, Wrong("not_a_setting", setting="folder"))
    try:
        return Settings(**values, folder=folder.resolve())
    except ValidationError as error:
        raise _complaints(path, error) from None


def _complaints(path: Path, error: ValidationError) -> SettingsError:
    lines, wrong = [], []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"])
        found = repr(problem["input"])
        lines.append(f"{path}: {place}: {problem['msg']} (found {found})")
        limits = [str(limit) for limit in problem.get("ctx", {}).values()]
        wrong.append(Wrong(problem["type"], place, found, ", ".join(limits)))
    return SettingsError("\n".join(lines), path, *wrong)
