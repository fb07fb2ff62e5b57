"""What somebody with bad intentions or a broken client sends, and what comes of it."""

from __future__ import annotations

import httpx
import pytest

from console.web import access
from console.web.access import COOKIE
from console.web.passwords import hashed, is_right
from console.web.shield import LARGEST_BODY
from tests.desk_centre import ODD_NAME, PASSWORD

CSP = "default-src 'none'; script-src 'self'"


def test_a_password_is_kept_as_a_hash() -> None:
    kept = hashed(PASSWORD)
    assert PASSWORD not in kept
    assert kept != hashed(PASSWORD)
    assert is_right(PASSWORD, kept)
    assert not is_right(PASSWORD + "x", kept)
    assert not is_right("", "")


def test_signing_in_opens_a_new_session(webcentre) -> None:
    with httpx.Client(base_url=webcentre.address, cookies={COOKIE: "planted"}) as client:
        answer = client.post("/sign-in", data={"name": "min", "password": PASSWORD, "next": "/me"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/me")
        given = answer.headers["set-cookie"]
        assert "HttpOnly" in given
        assert "SameSite=lax" in given
        assert "planted" not in given
    with httpx.Client(base_url=webcentre.address, cookies={COOKIE: "planted"}) as client:
        assert client.get("/me").status_code == 303


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/worklist?a=b", "/worklist?a=b"), ("//evil.example/", "/"), ("/\\evil.example", "/"),
        ("https://evil.example/", "/"), ("javascript:alert(1)", "/"), ("/x\r\nA: b", "/"),
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(webcentre, asked: str, leads: str) -> None:
    answer = httpx.get(f"{webcentre.address}/language/en", params={"next": asked})
    assert answer.headers["location"] == leads


def test_five_wrong_passwords_lock_an_account(fresh, monkeypatch) -> None:
    monkeypatch.setattr(access, "is_right", lambda given, kept: given == PASSWORD and bool(kept))
    with httpx.Client(base_url=fresh.address) as client:

        def tried(password: str) -> int:
            return client.post("/sign-in", data={"name": "rui", "password": password}).status_code

        assert [tried("wrong") for _ in range(4)] == [403] * 4
        assert tried(PASSWORD) == 303  # four are no five, and a right one clears them
        assert [tried("wrong") for _ in range(5)] == [403] * 5
        assert tried(PASSWORD) == 403


def test_every_answer_carries_the_policy(web, webcentre) -> None:
    for answer in (
        web("rui").get("/today"), httpx.get(f"{webcentre.address}/static/desk.js"),
        httpx.get(f"{webcentre.address}/nothing"),
        httpx.post(f"{webcentre.address}/sign-in", headers={"origin": "http://evil.example"}),
    ):  # fmt: skip
        assert answer.headers["content-security-policy"].startswith(CSP)
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"}, {"origin": "http://[bad"},
    ],
)  # fmt: skip
def test_posts_from_elsewhere_are_refused(web, headers: dict[str, str]) -> None:
    signed = web("rui")
    answer = signed.client.post("/sign-out", data={"csrf": signed.csrf}, headers=headers)
    assert answer.status_code == 403
    assert signed.get("/me").status_code == 200  # still signed in


def test_what_is_too_large_is_refused(web) -> None:
    signed = web("rui")
    assert signed.post("/verdict", note="x" * LARGEST_BODY).status_code == 413

    def pieces():
        for _ in range(20):
            yield b"note=" + b"x" * 100_000

    answer = signed.client.post(
        "/verdict", content=pieces(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"), (b"{}", "application/json"),
        (b"", "multipart/form-data"), (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"csrf=%ff%fe", "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
def test_malformed_forms_are_refused(web, body: bytes, kind: str) -> None:
    answer = web("rui").client.post("/verdict", content=body, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/static/../console.duckdb", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py",
        "/rules/draft?name=../../etc/passwd", "/rules/draft?name=..%2ftingjian",
        "/interaction?id=../../etc/passwd", "/sound?id=%00",
    ],
)  # fmt: skip
def test_paths_do_not_lead_out(web, path: str) -> None:
    answer = web("lead").client.get(path)
    assert answer.status_code in {303, 400, 404}
    assert "root:" not in answer.text


def test_script_in_a_transcript_is_text(web) -> None:
    page = web("rui").get("/interaction", id="chat-5").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_script_in_a_note_is_text(web) -> None:
    signed = web("lead")
    attack = '"><script>alert(2)</script>'
    signed.post("/review", id="chat-9", note=attack)
    page = signed.get("/interaction", id="chat-9").text
    assert "<script>alert(2)" not in page
    assert "&lt;script&gt;alert(2)" in page


def test_script_in_a_file_name_is_text(web) -> None:
    shown = 0
    for path, asked in (("/today", {}), ("/interaction", {"id": "chat-7"}), ("/worklist", {})):
        page = web("lead").get(path, **asked).text
        assert ODD_NAME not in page
        shown += "&lt;svg onload=alert(3)&gt;" in page
    assert shown >= 1  # where it is set aside


def test_sql_in_filters_finds_nothing(web) -> None:
    signed = web("rui")
    for name in ("queue", "team", "agent", "rule", "severity", "measure", "q", "from", "least"):
        answer = signed.get("/worklist", **{name: "x'; DROP TABLE lines; --\""})
        assert answer.status_code == 200
    assert "call-0" in signed.get("/worklist", state="").text


def test_a_proxy_is_believed_only_where_it_is_known(fresh) -> None:
    header = {"x-user": "rui"}
    assert httpx.get(f"{fresh.address}/me", headers=header).status_code == 303
    limits = fresh.desk.settings.console.model_copy(update={"sign_on_header": "X-User"})
    fresh.desk.settings = fresh.desk.settings.model_copy(update={"console": limits})
    assert httpx.get(f"{fresh.address}/me", headers=header).status_code == 200
    assert httpx.get(f"{fresh.address}/me", headers={"x-user": "nobody"}).status_code == 303
    away = limits.model_copy(update={"proxies": ("10.0.0.1",)})
    fresh.desk.settings = fresh.desk.settings.model_copy(update={"console": away})
    assert httpx.get(f"{fresh.address}/me", headers=header).status_code == 303


def test_listens_reveals_and_refusals_are_written_down(web) -> None:
    signed = web("rui")
    assert signed.post("/reveal", id="call-0").status_code == 400  # without a purpose
    page = signed.get("/interaction", id="call-0").text
    assert "[手机-1]" in page
    assert "clear=1" not in page
    page = signed.post("/reveal", id="call-0", purpose="处理投诉").text
    assert "[手机-1]" not in page
    assert "clear=1" in page
    sound = signed.client.get("/sound?id=call-0", headers={"range": "bytes=0-99"})
    assert (sound.status_code, len(sound.content)) == (206, 100)
    audit = web("root").get("/audit", about="call-0").text
    assert "收听录音" in audit
    assert "显示隐藏的个人信息" in audit
    assert "处理投诉" in audit


def test_the_first_and_last_administrator_stays(web) -> None:
    root = web("root")
    fields = {"person": "root", "name": "x", "role": "reviewer", "active": "1", "language": ""}
    answer = root.post("/people", **fields)
    assert answer.status_code == 400
    assert "至少要留一个能登录的管理员" in answer.text
    made = root.post(
        "/people", person="new", name="新人", role=["reviewer"], active="1", language="",
        password="long enough", quota="5",  # noqa: S106
    )  # fmt: skip
    assert made.status_code == 303
    assert "新人" in root.get("/people").text
