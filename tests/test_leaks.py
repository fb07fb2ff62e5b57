"""Nothing personal leaves: identifiers planted in calls and chats are in nothing that does."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import soundfile

from console.cli import main
from interactions.personal.digits import runs
from interactions.personal.sheet import Sheet
from interactions.sound import Party
from pipelines.discretion import DiscreetRecord
from pipelines.keeping import keep
from pipelines.reports import RunLog, markdown
from pipelines.settings import Settings
from tests import desk_centre
from tests.console.web.conftest import sign_in
from tests.desk_centre import Served, make, served
from warehouse.read import findings_of, said
from warehouse.rows import SetAside, interaction_tables, set_aside_tables
from warehouse.said import CoachingCase, Collection
from warehouse.store import open_warehouse

MOBILE, IDENTITY, CARD = "13912345678", "11010519491231002X", "6222021202001234567"
PARCEL, EMAIL, PLATE, PASSPORT = "SF1234567890123", "wang.lei88@qq.com", "沪A8K921", "E12345678"
NAME, ADDRESS, CODE, ORDER = (
    "欧阳小菲",
    "浙江省杭州市西湖区文三路478号3栋502室",
    "736150",
    "202601987654",
)
WRITTEN = (MOBILE, IDENTITY, CARD, PARCEL, EMAIL, PLATE, PASSPORT, NAME, ADDRESS, CODE, ORDER)
SPOKEN = "幺三九幺二三四五六七八"
PARTS = ("六二二二零二", "幺二零二零零", "一二三四五六七")
CALL = (
    (Party.AGENT, "您好很高兴为您服务请问您的手机号是多少"),
    (Party.CUSTOMER, f"{SPOKEN}再不处理我要投诉你们到消费者协会"),
    (Party.AGENT, "好的卡号您念一下"),
    (Party.CUSTOMER, PARTS[0]),
    (Party.AGENT, f"嗯{PARTS[0]}"),
    (Party.CUSTOMER, PARTS[1]),
    (Party.CUSTOMER, PARTS[2]),
    (Party.AGENT, "这个不归我管你自己去问物流"),
)
CHATS = (
    f"我要投诉你们，我叫{NAME}，电话{MOBILE}",
    f"退款退到卡号{CARD}，再不退款我就去12315投诉",
    f"身份证{IDENTITY}，我要投诉",
    f"快递单号{PARCEL}没有到，送到{ADDRESS}，我要投诉你们",
    f"发票发到{EMAIL}，车牌{PLATE}，我要投诉你们",
    f"护照号{PASSPORT}，订单号{ORDER}，我要投诉你们",
    f"验证码{CODE}，我要投诉你们",
    "谢谢你帮我解决了问题",
)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    patch = pytest.MonkeyPatch()
    patch.setattr(desk_centre, "TALK", CALL)
    patch.setattr(desk_centre, "SAID", CHATS)
    made = make(tmp_path_factory.mktemp("leaks") / "centre", calls=1, chats=8)
    patch.undo()
    keep(made)
    return made


@pytest.fixture(scope="module")
def console(centre: Settings):
    with served(centre) as one:
        yield one


def leaks(text: str) -> list[str]:
    """What of the planted identifiers stands in a text, in any of their forms."""
    plain = re.sub(r"(?<=[0-9])[ -](?=[0-9])", "", text)
    found = [one for one in (*WRITTEN, SPOKEN, *PARTS) if one in text or one in plain]
    lines: dict[int, str] = defaultdict(str)
    for run in runs(Sheet([("", line) for line in text.splitlines()])):
        lines[run.line] += run.digits
    numbers = set(lines.values())
    return found + [n for n in (MOBILE, IDENTITY[:-1], CARD) for run in numbers if n in run]


def test_the_test_sees_a_leak() -> None:
    assert leaks(f"x {MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]} y")
    assert leaks("是幺三九、幺二三四、五六七八")
    assert leaks(f"a{EMAIL}")
    assert leaks("2026-01-15 00:12 [手机-1]") == []


def test_every_planted_chat_and_call_has_a_finding(centre: Settings) -> None:
    with open_warehouse(centre.warehouse, read_only=True) as warehouse:
        assert all(findings_of(warehouse, f"chat-{n}") for n in range(7))
        quoted = [e.quote for f in findings_of(warehouse, "call-0") for e in f.evidence]
    assert any(quoted)


def test_pages_do_not_leak(console: Served) -> None:
    for person in ("rui", "lead", "tutor", "root"):
        signed = sign_in(console, person)
        paths = [
            "/today",
            "/worklist?state=",
            "/reports",
            "/hotwords",
            "/sampling",
            "/rules",
            "/appeals",
        ]
        paths += ["/interaction?id=call-0", *(f"/interaction?id=chat-{n}" for n in range(8))]
        for path in paths:
            assert leaks(signed.client.get(path).text) == [], (person, path)
        signed.client.close()


def test_reports_do_not_leak(console: Served) -> None:
    lead = sign_in(console, "lead")
    for per in ("agent", "team", "queue", "product"):
        table = lead.get("/reports/file", per=per, form="csv").text
        assert "A1" in table or per != "agent"
        assert leaks(table) == []
        book = openpyxl.load_workbook(io.BytesIO(lead.get("/reports/file", per=per).content))
        assert leaks("\n".join(str(c.value) for row in book.active for c in row)) == []
    lead.client.close()


def test_a_coaching_collection_does_not_leak(console: Served) -> None:
    tutor, desk = sign_in(console, "tutor"), console.desk
    for about in ("call-0", "chat-0", "chat-3", "chat-4"):
        tutor.post(
            "/coaching/case", id=about, finding=findings_of(desk.warehouse, about)[0].finding_id,
            title=f"客户{MOBILE}", polarity="dont", difficulty="easy", topic="态度", product="",
            start="0", end="20", advice=f"回访{NAME}先生，{EMAIL}",
        )  # fmt: skip
    cases = said(desk.warehouse, CoachingCase)
    tutor.post("/coaching/collection", ticked=[c.case_id for c in cases], title=f"给{MOBILE}")
    (collection,) = said(desk.warehouse, Collection)
    answer = tutor.get("/coaching/export", collection=collection.collection_id)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    html = archive.read("index.html").decode()
    assert "[手机-1]" in html
    assert leaks(html) == []
    book = openpyxl.load_workbook(io.BytesIO(archive.read("cases.xlsx")))
    assert leaks("\n".join(str(c.value) for row in book.active for c in row)) == []
    (clip,) = [name for name in archive.namelist() if name.endswith(".wav")]
    heard, rate = soundfile.read(io.BytesIO(archive.read(clip)), dtype="int16")
    first = desk_centre_words(console, SPOKEN)
    part = heard[first[0] * rate // 1000 : first[1] * rate // 1000]
    assert abs(int(part.max()) - 3276) <= 2  # the tone, on every track
    tutor.client.close()


def desk_centre_words(console: Served, text: str) -> tuple[int, int]:
    from warehouse.read import interactions

    (one,) = interactions(console.desk.warehouse, ["call-0"], with_contours=False)
    utterance = one.utterances[1]
    assert utterance.text.startswith(text)
    return utterance.words[0].start_ms, utterance.words[len(text) - 1].end_ms


COMMANDS = [
    ["show", "call-0"], ["show", "call-0", "--json"], ["show", "chat-3"],
    ["show", "chat-0", "--json"], ["worklist"], ["worklist", "--json"], ["privacy", "report"],
    ["privacy", "report", "--json"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_do_not_leak(centre: Settings, capsys, command: list[str]) -> None:
    assert main(["--centre", str(centre.folder), *command]) == 0
    written = capsys.readouterr()
    assert len(written.out) > 200
    assert leaks(written.out + written.err) == []


def test_a_reveal_shows_and_is_written_down(centre: Settings, capsys) -> None:
    assert main(["--centre", str(centre.folder), "show", "chat-0", "--reveal", "投诉4711"]) == 0
    assert {MOBILE, NAME} <= set(leaks(capsys.readouterr().out))
    assert (
        main(["--centre", str(centre.folder), "--lang", "en", "privacy", "report", "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert [one["times"] for one in told["looked"] if one["act"] == "reveal"] == [1]


@pytest.mark.parametrize("form", ["text", "json", "srt", "vtt"])
def test_redacted_files_do_not_leak(centre: Settings, tmp_path: Path, capsys, form: str) -> None:
    ids = ["call-0", *(f"chat-{n}" for n in range(8))]
    command = ["--centre", str(centre.folder), "redact", *ids, "--out", str(tmp_path)]
    assert main([*command, "--format", form]) == 0
    assert leaks(capsys.readouterr().out) == []
    texts = [path for path in tmp_path.iterdir() if path.suffix != ".wav"]
    assert len(texts) == 9
    for path in texts:
        assert leaks(path.read_text("utf-8")) == [], path
        assert path.stat().st_size > 20
    assert (tmp_path / "call-0.wav").is_file()


def test_artifacts_logs_and_errors_do_not_leak(centre: Settings) -> None:
    with RunLog(centre, "nightly") as log:
        summary = log.summary([], inspected=0)
    assert leaks(markdown(summary)) == []
    line = f"cannot read inbox/{MOBILE}_{IDENTITY}.wav of {EMAIL}, {CARD}"
    record = DiscreetRecord("x", logging.ERROR, __file__, 1, "%s", (line,), None)
    assert leaks(record.getMessage()) == []


def test_an_error_on_the_terminal_does_not_leak(centre: Settings, capsys) -> None:
    assert main(["--centre", str(centre.folder / MOBILE), "worklist"]) != 0
    written = capsys.readouterr().err
    assert written
    assert leaks(written) == []


def test_names_of_files_that_were_set_aside_do_not_leak(
    console: Served, tmp_path: Path, capsys
) -> None:
    (tmp_path / "tingjian.toml").write_text("", encoding="utf-8")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / f"{MOBILE}_{IDENTITY}.wav").write_text("no sound", encoding="utf-8")
    (inbox / f"{EMAIL}.png").write_bytes(b"x")
    for form in ([], ["--json"]):
        assert main(["--centre", str(tmp_path), "--lang", "zh", "intake", *form]) == 0
        written = capsys.readouterr()
        assert "手机-1" in written.out
        assert leaks(written.out + written.err) == []
    aside = SetAside(f"calls/{MOBILE}.wav", "empty_file", {}, None)
    console.desk.spool.write("set-aside", "named", set_aside_tables([aside]))
    console.desk.take_in()
    lead = sign_in(console, "lead")
    today = lead.get("/today").text
    assert "calls/[手机-1].wav" in today
    assert leaks(today) == []
    lead.client.close()


def test_sound_without_words_is_played_to_whoever_revealed_it_only(console: Served) -> None:
    one = replace(desk_centre.call(console.desk.settings.folder, 5), utterances=())
    console.desk.spool.write("texts", "wordless", interaction_tables([one]))
    console.desk.take_in()
    reviewer = sign_in(console, "lead")
    for path in ("/sound?id=call-5", "/sound?id=call-5&clear=1"):
        answer = reviewer.client.get(path)
        assert (answer.status_code, answer.headers["content-type"][:9]) == (403, "text/html")
    assert "盖不住" in reviewer.get("/interaction", id="call-5").text
    revealed = reviewer.post("/reveal", id="call-5", purpose="投诉4711")
    assert "盖不住" not in revealed.text
    assert reviewer.get("/sound", id="call-5", clear="1").status_code == 200
    reviewer.client.close()
