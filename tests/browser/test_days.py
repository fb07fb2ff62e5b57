"""Each role's day, in a real browser: found, heard, judged by keyboard, appealed, taught."""

from __future__ import annotations

import json

import pytest
from selenium.webdriver.common.keys import Keys

from warehouse.read import findings_of, people_on, verdicts_of

PAGES = {
    "rui": ("/today", "/worklist", "/interaction?id=call-0", "/interaction?id=chat-6", "/appeals",
            "/calibration", "/rules", "/hotwords", "/me"),
    "lead": ("/worklist", "/sampling", "/calibration", "/coaching", "/coaching/new?id=call-0",
             "/rules/draft", "/rules/one?rule=zh-escalation-unanswered", "/reports"),
    "a1": ("/mine", "/interaction?id=call-0", "/appeals"),
    "root": ("/people", "/audit"),
}  # fmt: skip


def barriers(browser, axe: str) -> list:
    """Return what axe-core calls serious or critical on the page that is open."""
    browser.run(axe)
    found = browser.driver.execute_async_script("""
        const done = arguments[0];
        axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations.map(
            (v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(' ')).slice(0, 3)])));
    """)
    return [one for one in found if one[0] in {"serious", "critical"}]


def time_of(browser) -> float:
    return float(browser.run("return document.getElementById('sound').currentTime"))


def test_a_reviewer_judges_by_keyboard_alone(browser, browsed) -> None:
    browser.sign_in("rui")
    browser.open("/worklist?state=&channel=voice")
    browser.press("j")
    browser.until(lambda: browser.all("tr.here"))
    browser.press(Keys.ENTER)
    browser.until(
        lambda: (
            browser.all("#sound") and browser.run("return !!document.documentElement.dataset.ready")
        )
    )
    about = browser.one("h1.id").text
    first = browser.one(".finding").get_attribute("id").removeprefix("f-")
    browser.press("j")  # the first finding
    browser.press("t")
    browser.press("听过了")
    browser.press(Keys.ESCAPE)
    browser.press("c")
    browser.press(Keys.ARROW_DOWN)  # people
    browser.press(Keys.ESCAPE)
    browser.press("1")
    desk = browsed.desk
    browser.until(lambda: verdicts_of(desk.warehouse, about))
    browser.until(lambda: browser.all(f"#f-{first} .verdict.confirmed"))
    (given,) = verdicts_of(desk.warehouse, about)
    assert (given.finding_id, given.decision, given.cause, given.note, given.reviewer) == (
        first, "confirmed", "people", "听过了", "rui",
    )  # fmt: skip
    browser.until(lambda: browser.all(".finding.here"))
    assert browser.one(".finding.here").get_attribute("id") != f"f-{first}"  # on to the next
    browser.press("k", "u")
    browser.until(lambda: not verdicts_of(desk.warehouse, about))


def test_the_words_follow_the_sound(browser) -> None:
    browser.sign_in("rui")
    browser.open("/interaction?id=call-0")
    browser.press(" ")
    browser.until(lambda: time_of(browser) > 1.0)
    lags = browser.driver.execute_async_script("""
        const done = arguments[0], sound = document.getElementById('sound'), lags = [];
        let was = document.querySelector('b.now');
        const watch = () => {
            const now = document.querySelector('b.now');
            if (now && now !== was) {
                lags.push(sound.currentTime * 1000 - Number(now.dataset.s)); was = now;
            }
            if (lags.length < 8) requestAnimationFrame(watch); else done(lags);
        };
        watch();
    """)
    assert min(lags) >= 0  # never before the sound
    assert sorted(lags)[4] <= 50  # the middle of eight; a busy machine may skip a frame
    browser.press(" ")
    assert browser.run("return document.getElementById('sound').paused")
    at = time_of(browser)
    browser.press(Keys.ARROW_RIGHT)
    browser.until(lambda: time_of(browser) == pytest.approx(at + 5, abs=0.3))
    browser.run("document.querySelectorAll('#lines b')[60].click()")
    start = float(browser.run("return document.querySelectorAll('#lines b')[60].dataset.s"))
    browser.until(lambda: time_of(browser) >= start / 1000)
    browser.press("?")
    browser.until(lambda: browser.run("return document.getElementById('keys').open"))
    assert len(browser.all("#keys dt")) == 14


def test_evidence_is_one_key_away(browser) -> None:
    browser.sign_in("min")
    browser.open("/interaction?id=call-1")
    marks = sorted(
        one[0] for one in json.loads(browser.one("#data").get_attribute("textContent"))["marks"]
    )
    after = next(one for one in marks if one > 200)
    browser.press("]")
    browser.until(lambda: time_of(browser) >= after / 1000)
    assert time_of(browser) < after / 1000 + 3


def test_an_agent_appeals_and_a_reviewer_decides(browser, browsed) -> None:
    browser.sign_in("a1")
    assert browser.driver.current_url.endswith("/mine")
    browser.open("/interaction?id=call-0")
    finding = findings_of(browsed.desk.warehouse, "call-0")[0].finding_id
    assert not browser.all(".judge")
    browser.one(f"#f-{finding} form input[name=note]").send_keys("不是我说的", Keys.ENTER)
    browser.until(lambda: "申诉中" in browser.one(f"#f-{finding}").text)
    browser.sign_in("min")
    browser.open("/appeals")
    assert "不是我说的" in browser.one("article").text
    browser.one("button[value=overturned]").send_keys(Keys.ENTER)
    browser.until(lambda: "申诉成立" in browser.one("article").text)


def ticked_new_case(browser, advice: str) -> None:
    """Make a coaching case of the first finding of a call, and tick it in the library."""
    browser.open("/interaction?id=call-1")
    browser.one(".finding a[href^='/coaching/new']").send_keys(Keys.ENTER)
    browser.until(lambda: browser.all("textarea[name=advice]"))
    browser.one("textarea[name=advice]").send_keys(advice)
    browser.one("button.main").send_keys(Keys.ENTER)
    browser.until(lambda: browser.all("input[name=ticked]"))
    browser.one("input[name=ticked]").send_keys(Keys.SPACE)


def test_a_trainer_makes_a_case_and_takes_it_away(browser) -> None:
    browser.sign_in("tutor")
    ticked_new_case(browser, "先安抚")
    browser.one("input[name=title]").send_keys("第一课", Keys.ENTER)
    browser.until(lambda: browser.all("a[href^='/coaching/export']"))
    kind = browser.driver.execute_async_script("""
        const done = arguments[0], link = document.querySelector("a[href^='/coaching/export']");
        fetch(link.href).then(async (a) =>
            done([a.headers.get('content-type'), (await a.blob()).size]));
    """)
    assert kind[0] == "application/zip"
    assert kind[1] > 10_000


def test_a_lead_gives_work_and_opens_a_round(browser, browsed, axe: str) -> None:
    browser.sign_in("lead")
    browser.open("/worklist?state=")
    browser.one("table.lines input[name=ticked]").send_keys(Keys.SPACE)
    given = browser.one("table.lines input[name=ticked]").get_attribute("value")
    browser.one("#person").send_keys(Keys.ARROW_DOWN, Keys.TAB, Keys.ENTER)
    browser.until(lambda: people_on(browsed.desk.warehouse, [given])[given].given_to)
    assert people_on(browsed.desk.warehouse, [given])[given].given_to in {"rui", "min", "lead"}
    browser.open("/reports")
    assert browser.all("a[href*='form=xlsx']")
    browser.open("/calibration")
    browser.one("input[name=title]").send_keys("五月")
    browser.one("textarea[name=ids]").send_keys("call-0 chat-0")
    for box in browser.all("input[name=reviewer]"):
        box.send_keys(Keys.SPACE)
    browser.one("button.main").send_keys(Keys.ENTER)
    browser.until(lambda: browser.all("a[href^='/calibration/round']"))
    browser.sign_in("rui")
    browser.open("/calibration")
    browser.one("a[href^='/calibration/round']").send_keys(Keys.ENTER)
    browser.until(lambda: "/calibration/round" in browser.driver.current_url)
    browser.until(lambda: browser.all("form"))
    assert barriers(browser, axe) == []


def test_an_agent_learns_and_says_so(browser, axe: str) -> None:
    browser.sign_in("lead")
    ticked_new_case(browser, "先听完")
    browser.one(".bar input[name=title]").send_keys("听完再说", Keys.ENTER)
    browser.until(lambda: browser.all("input[name=agents]"))
    assert barriers(browser, axe) == []
    browser.one("input[name=agents]").send_keys("A1", Keys.ENTER)
    browser.until(lambda: len(browser.all("table")) > 1 and "A1" in browser.all("table")[-1].text)
    browser.sign_in("a1")
    browser.one("a[href^='/mine/lesson']").send_keys(Keys.ENTER)
    browser.until(lambda: browser.all("form[action='/mine/acknowledge']"))
    assert barriers(browser, axe) == []


def test_the_sign_in_page_has_no_barrier(browser, axe: str) -> None:
    browser.driver.delete_all_cookies()
    browser.open("/sign-in")
    assert barriers(browser, axe) == []


def test_an_admin_makes_an_account(browser) -> None:
    browser.sign_in("root")
    browser.open("/people")
    browser.one("input[name=person]").send_keys("neu", Keys.TAB, "新来的")
    browser.one("input[value=reviewer]").send_keys(Keys.SPACE)
    browser.one("input[name=password]").send_keys("long enough", Keys.ENTER)
    browser.until(lambda: "新来的" in browser.one("table").text)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_serious_barrier(browser, axe: str, name: str) -> None:
    browser.sign_in(name)
    for path in PAGES[name]:
        browser.open(path)
        assert barriers(browser, axe) == [], path
        assert len(browser.driver.page_source.encode()) < 150_000


def test_the_summary_leads_to_what_was_said(browser) -> None:
    browser.sign_in("rui")
    browser.open("/interaction?id=call-0")
    line = browser.all("#gist > .evidence li")[-1]
    link = line.find_element("css selector", "a.at")
    anchor = link.get_attribute("href").partition("#")[2]
    said = browser.one(f"#{anchor} p").text
    assert said in line.text
    link.click()
    start = int(link.get_attribute("data-t")) / 1000
    browser.until(lambda: abs(time_of(browser) - start) < 1)
    details = browser.one("#risk")
    assert not browser.run("return arguments[0].open", details)
    details.find_element("css selector", "summary").click()
    assert browser.all("#risk li a.at")
