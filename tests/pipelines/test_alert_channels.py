"""How messages reach people: robots that refuse politely, a signed webhook, letters."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
import threading
from datetime import UTC, datetime
from email import message_from_string
from email.header import decode_header, make_header
from urllib.parse import parse_qs, urlsplit

import pytest

from pipelines.alert_settings import ChannelSettings
from pipelines.alerts.channels import send, signed
from pipelines.alerts.wording import Message
from tests.alert_receivers import mailbox, receiving

# Apprise's own, about a module of Python that it loads where there is one.
APPRISE = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
NOW = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)
MESSAGE = Message(message_id="m1", title="【中心·严重】投诉", body="会话 call-1\n消息编号 m1")


def channel(kind: str, sign: str = "") -> ChannelSettings:
    return ChannelSettings.model_validate(
        {"name": "one", "kind": kind, "address": "PLACE", "sign": sign}
    )


@pytest.mark.parametrize("kind", ["dingtalk", "wecom", "feishu"])
def test_a_robot_that_refuses_with_status_200_has_not_got_it(kind: str) -> None:
    with receiving() as robot:
        place = {"PLACE": f"{robot.address}/robot/send?access_token=t", "KEY": "SECabc"}
        assert send(channel(kind, "KEY"), MESSAGE, {}, now=NOW, environment=place).is_delivered
        robot.answer = b'{"errcode": 310000, "code": 19021, "errmsg": "sign not match"}'
        refused = send(channel(kind), MESSAGE, {}, now=NOW, environment=place)
        assert refused.error == "refused with code 310000"
        robot.status = 500
        assert send(channel(kind), MESSAGE, {}, now=NOW, environment=place).error == "status 500"
    said = robot.got[0].said
    text = said["content"]["text"] if kind == "feishu" else said["text"]["content"]  # type: ignore[index]
    assert text == f"{MESSAGE.title}\n{MESSAGE.body}"


def test_robots_are_signed_as_their_platforms_say() -> None:
    with receiving() as robot:
        place = {"PLACE": f"{robot.address}/send?access_token=t", "KEY": "SECabc"}
        for kind in ("dingtalk", "feishu"):
            send(channel(kind, "KEY"), MESSAGE, {}, now=NOW, environment=place)
    stamp = str(int(NOW.timestamp() * 1000))
    asked = parse_qs(urlsplit(robot.got[0].path).query)
    wanted = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert asked["timestamp"] == [stamp]
    assert base64.b64decode(asked["sign"][0]) == wanted
    said = robot.got[1].said
    key = f"{int(NOW.timestamp())}\nSECabc".encode()
    assert said["timestamp"] == str(int(NOW.timestamp()))
    assert base64.b64decode(str(said["sign"])) == hmac.new(key, b"", hashlib.sha256).digest()


def test_wecom_gets_no_more_than_it_takes_and_the_number_stays() -> None:
    long = Message(
        message_id="m2", title="题", body="字" * 300 + "\n" + "行\n" * 900 + "消息编号 m2"
    )
    with receiving() as robot:
        send(channel("wecom"), long, {}, now=NOW, environment={"PLACE": robot.address})
    text = robot.got[0].said["text"]["content"]  # type: ignore[index]
    assert len(text.encode()) <= 2_048
    assert text.startswith("题\n")
    assert text.endswith("消息编号 m2")


def test_the_webhook_is_signed_as_standard_webhooks_says() -> None:
    key = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
    with receiving() as hook:
        place = {"PLACE": f"{hook.address}/in", "KEY": key}
        send(channel("webhook", "KEY"), MESSAGE, {"alerts": []}, now=NOW, environment=place)
    got = hook.got[0]
    assert got.said == {"alerts": []}
    assert got.headers["webhook-id"] == "m1"
    content = f"m1.{got.headers['webhook-timestamp']}.".encode() + got.body
    wanted = hmac.new(b"0123456789abcdef01234567", content, hashlib.sha256).digest()
    assert got.headers["webhook-signature"] == "v1," + base64.b64encode(wanted).decode()
    assert "webhook-signature" not in signed(b"", message_id="m", key="", now=NOW)


def test_the_vector_of_standard_webhooks() -> None:
    """From the standard's own test vectors."""
    stamp = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(
        b'{"test": 2432232314}',
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        key="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        now=stamp,
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@APPRISE
def test_a_letter_comes_by_apprise() -> None:
    with mailbox() as (port, letters):
        place = {
            "PLACE": f"mailto://127.0.0.1:{port}?from=qa@centre.example&to=duty@centre.example"
        }
        sent = send(channel("email"), MESSAGE, {}, now=NOW, environment=place)
    assert sent.is_delivered, sent.error
    letter = message_from_string(letters[0])
    assert str(make_header(decode_header(letter["Subject"]))) == MESSAGE.title
    assert "duty@centre.example" in letter["To"]
    part = next(one for one in letter.walk() if one.get_content_type() == "text/plain")
    assert "消息编号 m1" in part.get_payload(decode=True).decode()  # type: ignore[union-attr]


@APPRISE
def test_what_cannot_be_reached_or_is_not_set_says_so_and_names_no_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        place = {"PLACE": f"http://127.0.0.1:{port}/key-of-a-robot"}
        error = send(channel("wecom"), MESSAGE, {}, now=NOW, environment=place).error
    assert error == "ConnectError"
    assert send(channel("wecom"), MESSAGE, {}, now=NOW, environment={}).error == "no_address: PLACE"
    keyless = send(channel("feishu", "KEY"), MESSAGE, {}, now=NOW, environment=place).error
    assert keyless == "no_key: KEY"
    letter = {"PLACE": f"mailto://127.0.0.1:{port}?from=a@b.example&to=c@d.example"}
    assert not send(channel("email"), MESSAGE, {}, now=NOW, environment=letter).is_delivered
    assert send(channel("apprise"), MESSAGE, {}, now=NOW, environment={"PLACE": "?"}).error


def test_an_answer_that_never_comes_leaves_it_in_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = {"PLACE": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        silent.listen()

        def hang_up() -> None:
            met, _ = silent.accept()
            met.recv(65_536)
            met.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        error = send(channel("webhook"), MESSAGE, {}, now=NOW, environment=place).error
        thread.join()
    assert error.startswith("in_doubt: ")
