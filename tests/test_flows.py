"""The flows, on a real Prefect server: the same night twice, new rules over history, and kills."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from pipelines.progress import Forecast, watching
from pipelines.settings import Settings, load
from tests.conftest import chat, write_chats
from warehouse.digests import TableDigest, digests
from warehouse.read import set_aside, totals, worklist
from warehouse.store import open_warehouse

pytestmark = [
    pytest.mark.flow,
    # Prefect's own, about its event loop and its database.
    pytest.mark.filterwarnings("ignore"),
]
RULE = """
rules:
  - id: asks-again
    version: 1
    title: {zh: 又问一次, en: Asks again}
    severity: critical
    language: zh
    find:
      phrase: {party: customer, any: [问题 3]}
"""
RUN = "import flows; flows.nightly({centre!r})"


@pytest.fixture
def server() -> Iterator[None]:
    """A Prefect server of the test's own; no run of a person is seen or touched."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


class Heard:
    """Writes down what a run says of its progress."""

    def __init__(self) -> None:
        self.stages: dict[str, list[int | None]] = {}
        self.now = ""
        self.forecast = Forecast(calls=0, sound_ms=0, unheard_ms=0)

    def stage(self, name: str, total: int | None) -> None:
        self.now = name
        self.stages[name] = [total, 0]

    def advance(self, n: int) -> None:
        self.stages[self.now][1] += n

    def expect(self, forecast: Forecast) -> None:
        self.forecast = forecast


def rows(settings: Settings) -> dict[str, TableDigest]:
    with open_warehouse(settings.warehouse) as warehouse:
        return digests(warehouse)


@pytest.mark.usefixtures("server")
def test_a_night_its_repetition_and_a_new_rule(centre: Settings) -> None:
    import flows

    heard = Heard()
    with watching(heard):
        first = flows.nightly(str(centre.folder))
    assert (first.found, first.kept, len(first.set_aside)) == (13, 10, 3)
    assert first.found == first.kept + len(first.set_aside)
    assert first.inspected == 10
    assert heard.stages["hear"] == [4, 4]
    assert heard.forecast.calls == 4
    assert heard.forecast.sound_ms >= 15_000
    assert heard.forecast.unheard_ms == 0  # no weights: nothing is to be recognised
    assert heard.stages["inspect"] == [10, 10]
    with open_warehouse(centre.warehouse) as warehouse:
        assert totals(warehouse).by_channel == {"chat": 7, "voice": 3}
        assert {one.item: one.code for one in set_aside(warehouse)} == {
            "calls/text.wav": "not_audio",
            "empty.wav": "empty_file",
            "photo.png": "unknown_kind",
        }
        ranked = worklist(warehouse, limit=20)
    assert {line.interaction_id for line in ranked if not line.is_control} >= {
        f"chat-{number}" for number in range(7)
    }

    before = rows(centre)
    again = flows.nightly(str(centre.folder))
    assert (again.kept, again.inspected, again.unchanged) == (0, 0, 5)
    assert rows(centre) == before
    assert flows.watch(str(centre.folder), 0.1, 2) == 2  # finds kept what the night kept
    assert rows(centre) == before

    shutil.rmtree(centre.inbox)  # new rules need no recording
    centre.rule_folder.mkdir()
    (centre.rule_folder / "own.yaml").write_text(RULE, encoding="utf-8")
    new = flows.reinspect(str(centre.folder))
    assert new.inspected == 10
    hits = {rule.rule_id: rule.interactions for rule in new.totals.rules}
    assert hits["asks-again"] == 1
    assert new.worklist[0].interaction_id == "chat-3"

    (centre.rule_folder / "own.yaml").unlink()
    flows.reinspect(str(centre.folder))
    back = rows(centre)
    for table in ("interactions", "utterances", "worklist", "term_counts", "spikes"):
        assert back[table] == before[table], table


def started(folder: Path) -> subprocess.Popen[bytes]:
    home = {"PREFECT_HOME": str(folder.parent / "prefect"), "PREFECT_LOGGING_LEVEL": "ERROR"}
    return subprocess.Popen(
        [sys.executable, "-c", RUN.format(centre=str(folder))],
        env={**os.environ, **home},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


@pytest.mark.slow
def test_ten_kills_end_in_the_rows_of_an_undisturbed_night(
    tmp_path: Path, make_centre: Callable[[Path], Settings]
) -> None:
    quiet = make_centre(tmp_path / "quiet")
    begun = time.monotonic()
    undisturbed = started(quiet.folder)
    _, complaint = undisturbed.communicate(timeout=300)
    assert undisturbed.returncode == 0, complaint.decode()
    length_s = time.monotonic() - begun

    killed = tmp_path / "killed"
    shutil.copytree(quiet.folder, killed, ignore=shutil.ignore_patterns("spool", "*.duckdb*"))
    shutil.rmtree(killed / "spool", ignore_errors=True)
    draw = random.Random(20260331)
    kills = 0
    while kills < 10:
        run = started(killed)
        try:
            run.wait(timeout=draw.uniform(0.2, 1.0) * length_s)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            kills += 1
            continue
        # It got through before its time: begin anew, so that all ten kills hit work.
        for left in (killed / "spool", killed / "warehouse.duckdb"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    last = started(killed)
    _, complaint = last.communicate(timeout=300)
    assert last.returncode == 0, complaint.decode()
    assert rows(load(killed)) == rows(quiet)


PHONE, MAIL, NAME, WORDS = "13912345678", "wang.lei88@qq.com", "欧阳小菲", "我要投诉你们"


@pytest.mark.usefixtures("server")
def test_nothing_personal_is_in_prefects_database(tmp_path: Path) -> None:
    """Neither texts nor identifiers, not of what was kept nor of what was set aside."""
    from prefect.settings import PREFECT_HOME, get_current_settings
    from sqlalchemy.engine import make_url

    import flows

    folder = tmp_path / "centre"
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    (folder / "tingjian.toml").write_text('[rules]\npacks = ["complaints_zh"]\n', "utf-8")
    text = f"{WORDS}，我叫{NAME}，电话{PHONE}，邮箱{MAIL}"
    write_chats(inbox / f"{PHONE}.jsonl", [chat(n, text=text) for n in range(3)])
    (inbox / f"{NAME}_{PHONE}.wav").write_text("no sound", encoding="utf-8")
    summary = flows.nightly(str(folder))
    assert (summary.kept, len(summary.set_aside)) == (3, 1)
    time.sleep(3)  # Prefect sends its logs and events a little later

    url = get_current_settings().server.database.connection_url
    database = make_url(url.get_secret_value()).database
    assert database is not None
    files = list(Path(database).parent.glob(f"{Path(database).name}*"))
    files += [path for path in PREFECT_HOME.value().rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert b"nightly" in content  # the run itself is there
    for word in (PHONE, MAIL, NAME, WORDS):
        for form in (word.encode(), json.dumps(word)[1:-1].encode()):
            assert form not in content, word


def test_only_what_passes_by_itself_is_tried_again() -> None:
    from prefect.states import Failed

    import flows
    from interactions.problems import Unreadable
    from warehouse.problems import CorruptShard, WarehouseBusy

    answers = {
        error: flows.passes_by_itself(flows.keep, None, Failed(data=error))
        for error in (
            OSError(5, "Input/output error"),
            WarehouseBusy("w", "warehouse_busy", pid=1, program="p"),
            CorruptShard("s", "unfit_shard", error="e"),
            Unreadable("a.wav", "no_time"),
            ValueError("ours"),
        )
    }
    assert list(answers.values()) == [True, True, False, False, False]


def test_the_deployments_name_flows_and_leave_the_folder_to_the_deploying_command() -> None:
    import flows

    text = (Path(__file__).parents[1] / "prefect.yaml").read_text(encoding="utf-8")
    described = yaml.safe_load(text)
    # A worker starts in a folder of its own: a step "directory: ." leaves it there, without code.
    assert "pull" not in described
    for deployment in described["deployments"]:
        file, name = deployment["entrypoint"].split(":")
        assert (file, getattr(flows, name).name) == ("flows.py", name)
        assert deployment["concurrency_limit"] == 1
