"""What people say in the browser: it is kept, it counts, and nobody overwrites anybody."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from time import sleep

import openpyxl
import soundfile

from pipelines import triage
from pipelines.desk import Desk
from pipelines.keeping import keep
from tests.desk_centre import Served, chat
from warehouse.read import LineFilter, findings_of, lines, people_on, said, verdicts_of
from warehouse.rows import interaction_tables
from warehouse.said import Appeal, CoachingCase, CoachingTask, Collection, Correction
from warehouse.spool import Spool


def seen_of(page: str, finding: str) -> str:
    found = re.search(
        rf'name="finding" value="{finding}"><input type="hidden" name="seen" value="(\w*)"', page
    )
    assert found
    return found[1]


def judge(
    signed, about: str, finding: str, decision: str = "confirmed", *, seen: str | None = None
):
    if seen is None:
        seen = seen_of(signed.get("/interaction", id=about).text, finding)
    return signed.post(
        "/verdict",
        id=about,
        finding=finding,
        seen=seen,
        decision=decision,
        cause="training",
        note="n",
    )


def first_finding(desk: Desk, about: str) -> str:
    return findings_of(desk.warehouse, about)[0].finding_id


def test_a_verdict_is_kept_and_undone(web, webcentre: Served) -> None:
    desk, rui = webcentre.desk, web("rui")
    finding = first_finding(desk, "call-0")
    assert judge(rui, "call-0", finding).status_code == 303
    (given,) = [v for v in verdicts_of(desk.warehouse, "call-0") if v.finding_id == finding]
    assert (given.decision, given.cause, given.reviewer, given.note) == (
        "confirmed", "training", "rui", "n",
    )  # fmt: skip
    other = web("min").post("/verdict/undo", id="call-0", finding=finding)
    assert other.status_code == 409  # not hers
    assert rui.post("/verdict/undo", id="call-0", finding=finding).status_code == 303
    assert [v for v in verdicts_of(desk.warehouse, "call-0") if v.finding_id == finding] == []


def test_two_people_never_overwrite_each_other(web, webcentre: Served) -> None:
    desk = webcentre.desk
    finding = findings_of(desk.warehouse, "call-1")[1].finding_id
    both = seen_of(web("rui").get("/interaction", id="call-1").text, finding)
    assert judge(web("rui"), "call-1", finding, seen=both).status_code == 303
    late = judge(web("min"), "call-1", finding, "rejected", seen=both)
    assert late.status_code == 409
    assert "刚才有人先判了这一条" in late.text
    given = [v for v in verdicts_of(desk.warehouse, "call-1") if v.finding_id == finding]
    assert [v.reviewer for v in given] == ["rui"]
    assert judge(web("min"), "call-1", finding, "rejected").status_code == 303  # having seen it
    given = [v for v in verdicts_of(desk.warehouse, "call-1") if v.finding_id == finding]
    assert [(v.reviewer, v.decision) for v in given] == [("rui", "confirmed"), ("min", "rejected")]


def test_next_gives_two_people_two_interactions(web, webcentre: Served) -> None:
    places = [
        web(name).post("/worklist/next", state="open").headers["location"]
        for name in ("rui", "min")
    ]
    ids = [re.search(r"id=([^&]+)", one)[1] for one in places]  # type: ignore[index]
    assert ids[0] != ids[1]
    given = people_on(webcentre.desk.warehouse, ids)
    assert [given[one].given_to for one in ids] == ["rui", "min"]


def test_the_control_slice_is_not_to_be_told_apart(web, webcentre: Served) -> None:
    rows = lines(webcentre.desk.warehouse, LineFilter(), limit=200)
    assert {row.is_control for row in rows} == {True, False}
    page = web("rui").get("/worklist", state="").text
    without_filters = re.sub("<select.*?</select>", "", page, flags=re.DOTALL)
    assert not re.search("control|抽查|risk", without_filters)


def test_filters_search_and_pages(web) -> None:
    rui = web("rui")

    def ids(**asked: str) -> list[str]:
        found = rui.get("/worklist", state="", **asked).text
        return re.findall(r'href="/interaction\?id=([\w-]+)', found)

    assert set(ids(channel="voice")) == {"call-0", "call-1"}
    assert ids(q="tuikuan") == ids(q="退款") != []
    assert set(ids(q="chufangji")) == set()
    assert set(ids(q="chushiji")) == {"call-0", "call-1"}
    assert all(one.startswith("chat") for one in ids(queue="在线"))
    assert ids(severity="critical")[:2] == ["call-0", "call-1"]
    assert ids(measure="talk_share", least="2") == []
    assert "看不懂这些筛选" in rui.get("/worklist", least="abc").text
    kept = rui.post("/worklist/views", name="退款的", query="q=退款&state=")
    assert kept.status_code == 303
    assert "退款的" in rui.get("/worklist").text
    assert "退款的" not in web("min").get("/worklist").text


def test_a_correction_is_inspected_at_once(web, webcentre: Served) -> None:
    desk, rui = webcentre.desk, web("rui")
    before = {f.rule_id for f in findings_of(desk.warehouse, "chat-1")}
    answer = rui.post(
        "/correction", id="chat-1", seq="1", party="customer", text="再不处理我要投诉你们"
    )
    assert answer.status_code == 303
    after = {f.rule_id for f in findings_of(desk.warehouse, "chat-1")}
    assert after - before
    assert "再不处理" in rui.get("/interaction", id="chat-1").text
    (kept,) = said(desk.warehouse, Correction, interaction_id="chat-1")
    assert (kept.was_text, kept.said_by) == ("请问怎么开发票", "rui")


def test_an_appeal_is_decided_by_somebody_else_and_counts(web, webcentre: Served) -> None:
    desk, agent = webcentre.desk, web("a2")
    finding = findings_of(desk.warehouse, "call-1")[0]
    assert judge(web("rui"), "call-1", finding.finding_id).status_code == 303
    raised = agent.post("/appeals", id="call-1", finding=finding.finding_id, note="那是客户说的")
    assert raised.status_code == 303
    twice = agent.post("/appeals", id="call-1", finding=finding.finding_id, note="again")
    assert twice.status_code == 409
    (appeal,) = said(desk.warehouse, Appeal)
    first = web("rui").post("/appeals/decide", appeal=appeal.appeal_id, outcome="upheld")
    assert first.status_code == 403  # judged it before
    blind = web("min")
    page = blind.get("/interaction", id="call-1").text
    article = page[page.index(f'id="f-{finding.finding_id}"') :].split("</article>")[0]
    assert "rui" not in article  # blind to the first
    decided = blind.post(
        "/appeals/decide", appeal=appeal.appeal_id, outcome="overturned", note="说得对"
    )
    assert decided.status_code == 303
    last = [v for v in verdicts_of(desk.warehouse, "call-1") if v.finding_id == finding.finding_id][
        -1
    ]
    assert (last.decision, last.reviewer) == ("rejected", "min")
    steps = said(desk.warehouse, Appeal, appeal_id=appeal.appeal_id)
    assert [(s.state, s.said_by) for s in steps] == [("raised", "a2"), ("overturned", "min")]
    again = web("lead").post("/appeals/decide", appeal=appeal.appeal_id, outcome="upheld")
    assert again.status_code == 403  # it is closed
    assert "申诉成立" in agent.get("/appeals").text


def test_a_calibration_round_from_end_to_end(web) -> None:
    lead = web("lead")
    opened = lead.post(
        "/calibration", title="三月", sheet="service-zh", ids="call-0 call-1 chat-0",
        reviewer=["rui", "min"],
    )  # fmt: skip
    assert opened.status_code == 303
    round_id = re.search(r"round=(\w+)", lead.get("/calibration").text)[1]  # type: ignore[index]
    page = web("rui").get("/calibration/round", round=round_id).text
    items = re.findall(r'name="a-([\w-]+)"', page)
    for name, says in (("rui", "met"), ("min", "failed")):
        for about in ("call-0", "call-1", "chat-0"):
            given = {f"a-{item}": "met" for item in items} | {f"a-{items[0]}": says}
            given |= {f"p-{item}": "" for item in items}
            answer = web(name).post("/calibration/answers", round=round_id, id=about, **given)
            assert answer.status_code == 303
    hidden = web("rui").get("/calibration/round", round=round_id).text
    assert "Krippendorff" not in hidden  # nobody sees the others' answers before it is closed
    lead.post("/calibration/close", round=round_id)
    shown = web("rui").get("/calibration/round", round=round_id).text
    assert "0.00" in shown
    assert "1.00" in shown
    assert "-8 %" in shown  # Min gives 0 of 1 on one of twelve items


def test_a_case_from_finding_to_zip(web, webcentre: Served) -> None:
    desk, tutor = webcentre.desk, web("tutor")
    kept = tutor.post(
        "/coaching/case", id="call-0", finding=first_finding(desk, "call-0"), title="=不要推诿",
        polarity="dont", difficulty="easy", topic="态度", product="除湿机", start="18", end="24",
        advice="先道歉",
    )  # fmt: skip
    assert kept.status_code == 303
    (case,) = said(desk.warehouse, CoachingCase)
    tutor.post("/coaching/collection", ticked=case.case_id, title="四月")
    (collection,) = said(desk.warehouse, Collection)
    answer = tutor.get("/coaching/export", collection=collection.collection_id)
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["index.html", "cases.xlsx", "clip-1.wav"]
    html = archive.read("index.html").decode()
    assert "我的手机号是[手机-1]您可以直接打给我" in html
    assert not re.search(r"(src|href)=\"(https?:)?//", html)
    cell = openpyxl.load_workbook(io.BytesIO(archive.read("cases.xlsx"))).active["A2"]  # type: ignore[index]
    assert (cell.value, cell.data_type) == ("=不要推诿", "s")
    sound, rate = soundfile.read(io.BytesIO(archive.read("clip-1.wav")))
    assert abs(len(sound) / rate - 9.0) < 0.1
    with zipfile.ZipFile(io.BytesIO(archive.read("cases.xlsx"))) as book:  # has no time of its own
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert book.read("docProps/core.xml").count(b">1980-01-01T00:00:00Z<") == 2
    assert (
        tutor.get("/coaching/export", collection=collection.collection_id).content == answer.content
    )
    tutor.post("/coaching/give", collection=collection.collection_id, agents="A1")
    (task,) = said(desk.warehouse, CoachingTask)
    a1 = web("a1")
    assert "先道歉" in a1.get("/mine/lesson", task=task.task_id).text
    assert a1.get("/coaching/clip", case=case.case_id).status_code == 200
    assert web("a2").get("/coaching/clip", case=case.case_id).status_code == 404
    assert web("a2").get("/mine/lesson", task=task.task_id).status_code == 404
    a1.post("/mine/acknowledge", task=task.task_id, note="明白")
    assert "明白" in tutor.get("/coaching").text


def test_answers_stand_beside_the_machines(web) -> None:
    rui = web("rui")
    page = rui.get("/interaction", id="chat-8").text
    items = re.findall(r'name="a-([\w-]+)"', page)
    fields = {f"a-{item}": "" for item in items} | {f"p-{item}": "" for item in items}
    rui.post("/answers", id="chat-8", sheet="service-zh", **(fields | {f"a-{items[0]}": "failed"}))
    assert "含人工" in rui.get("/interaction", id="chat-8").text
    wrong = rui.post(
        "/answers", id="chat-8", sheet="service-zh", **(fields | {f"a-{items[0]}": "x"})
    )
    assert wrong.status_code == 400


def test_reports_as_files(web) -> None:
    lead = web("lead")
    sheet = openpyxl.load_workbook(io.BytesIO(lead.get("/reports/file", per="team").content)).active
    assert sheet is not None
    names = [row[1].value for row in sheet.iter_rows(min_row=2)]
    assert set(names) == {"北区", "外包"}
    text = lead.get("/reports/file", per="team", form="csv").content.decode("utf-8-sig")
    assert text.count("\n") == 1 + len(names)


def test_a_rule_is_checked_before_it_is_published(web) -> None:
    lead = web("lead")
    bad = lead.post("/rules/draft", name="ours", step="check", text="rules:\n  - id: X Y\n")
    assert bad.status_code == 400
    good = """rules:
  - id: ours-refund
    version: 1
    title: {zh: 客户要退款, en: Refund asked}
    severity: minor
    reason: {zh: 看看, en: look}
    find: {phrase: {party: customer, any: [退款]}}
    examples: {hit: [{customer: 给我退款}], miss: [{customer: 你好}]}
"""
    checked = lead.post("/rules/draft", name="ours", step="check", text=good)
    assert (checked.status_code, checked.text.count("✓")) == (200, 2)
    early = lead.post("/rules/draft", name="ours", step="publish", text=good)
    assert early.status_code == 400  # not back-tested
    tested = lead.post("/rules/draft", name="ours", step="backtest", text=good)
    assert "命中" in tested.text
    done = lead.post("/rules/draft", name="ours", step="publish", text=good, why="试试")
    assert done.status_code == 303
    assert "ours" in lead.get("/rules").text


def test_what_a_night_brings_shows_within_seconds(fresh) -> None:
    spool = Spool(fresh.desk.settings.spool)
    spool.write("texts", "new", interaction_tables([chat(77)]))
    until = datetime.now(UTC) + timedelta(seconds=15)
    while "chat-77" not in fresh.desk.index.held() and datetime.now(UTC) < until:
        sleep(0.1)
    assert "chat-77" in fresh.desk.index.held()
    keep(fresh.desk.settings)  # the night's own warehouse is free meanwhile
    triage.rank_kept(fresh.desk.settings)
