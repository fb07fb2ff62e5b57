"""How a message reaches people: robots of DingTalk, WeCom and Feishu, a signed webhook, Apprise.

Apprise (https://github.com/caronc/apprise) carries Slack, e-mail and whatever else it knows. Not
the three robots: they refuse a message with status 200 and a code in the answer (a wrong signature,
a missing keyword, more than 20 a minute), which Apprise 1.13 takes for delivered, and it cannot
sign for Feishu. A refusal that counts as delivered would be a lost alert, so the answer is read
here.

The webhook is signed as *Standard Webhooks* has it (https://www.standardwebhooks.com): receivers
check it with any of that standard's libraries.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote

import httpx

from pipelines.alert_settings import ChannelSettings
from pipelines.alerts.policy import IN_DOUBT
from pipelines.alerts.wording import Message

TIMEOUT_S = 10.0
"""Ours: a robot answers in well under a second; who waits longer keeps other channels waiting."""
_WECOM_BYTES = 2_048  # of a text; the others take 20 000
_SECRET_PREFIX = "whsec_"  # noqa: S105 - Standard Webhooks' prefix of a base64 key


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    Attributes:
        error: Empty: it arrived. Begins with ``in_doubt`` where it may have arrived: it was sent,
            and no answer came. Never an address, never a key.
    """

    error: str = ""

    @property
    def is_delivered(self) -> bool:
        """Whether the channel said that it has the message."""
        return not self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One attempt to post a message.

    Attributes:
        key: To sign with; empty: not signed.
        payload: What a webhook gets beside the text.
        now: UTC; signatures hold it.
    """

    message: Message
    address: str
    key: str
    payload: Mapping[str, object]
    now: datetime


def send(
    channel: ChannelSettings,
    message: Message,
    payload: Mapping[str, object],
    *,
    now: datetime,
    environment: Mapping[str, str] = os.environ,
) -> Outcome:
    """Send a message once.

    Args:
        channel: Where to.
        message: What it says.
        payload: The same as values, for a webhook.
        now: UTC, timezone-aware.
        environment: Where addresses and keys are.
    """
    address = environment.get(channel.address, "")
    if not address:
        return Outcome(f"no_address: {channel.address}")
    key = environment.get(channel.sign, "") if channel.sign else ""
    if channel.sign and not key:
        return Outcome(f"no_key: {channel.sign}")
    posting = Posting(message=message, address=address, key=key, payload=payload, now=now)
    post = POSTS.get(channel.kind)
    return _by_apprise(posting) if post is None else _by_http(post(posting), channel.kind)


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    body: bytes
    headers: Mapping[str, str]


def _dingtalk(one: Posting) -> _Request:
    """DingTalk's custom robot; https://open.dingtalk.com/document/robots/custom-robot-access."""
    url = one.address
    if one.key:
        stamp = f"{one.now.timestamp() * 1000:.0f}"
        sign = _hmac(one.key.encode(), f"{stamp}\n{one.key}".encode())
        url += f"&timestamp={stamp}&sign={quote(sign, safe='')}"
    return _json(url, {"msgtype": "text", "text": {"content": _text(one.message)}})


def _wecom(one: Posting) -> _Request:
    """WeCom's group robot; https://developer.work.weixin.qq.com/document/path/91770."""
    text = _within(_text(one.message), _WECOM_BYTES)
    return _json(one.address, {"msgtype": "text", "text": {"content": text}})


def _feishu(one: Posting) -> _Request:
    """Feishu's custom robot; https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": _text(one.message)}}
    if one.key:
        stamp = f"{one.now.timestamp():.0f}"
        body |= {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{one.key}".encode(), b"")}
    return _json(one.address, body)


def _webhook(one: Posting) -> _Request:
    request = _json(one.address, dict(one.payload))
    headers = dict(request.headers) | signed(
        request.body, message_id=one.message.message_id, key=one.key, now=one.now
    )
    return _Request(request.url, request.body, headers)


def signed(body: bytes, *, message_id: str, key: str, now: datetime) -> dict[str, str]:
    """Return a webhook's headers: its id, the same on every attempt, the time and the signature.

    The signature is HMAC-SHA256 over ``id.timestamp.body``, in base64 behind ``v1,``.

    Args:
        body: As it is sent.
        message_id: The message's.
        key: ``whsec_`` and base64, or any text; empty: no signature.
        now: UTC; receivers refuse what is older than some minutes.
    """
    stamp = f"{now.timestamp():.0f}"
    headers = {"webhook-id": message_id, "webhook-timestamp": stamp}
    if key:
        is_coded = key.startswith(_SECRET_PREFIX)
        raw = base64.b64decode(key.removeprefix(_SECRET_PREFIX)) if is_coded else key.encode()
        content = f"{message_id}.{stamp}.".encode() + body
        headers["webhook-signature"] = f"v1,{_hmac(raw, content)}"
    return headers


POSTS: Mapping[str, Callable[[Posting], _Request]] = MappingProxyType(
    {"dingtalk": _dingtalk, "wecom": _wecom, "feishu": _feishu, "webhook": _webhook}
)


def _by_http(request: _Request, kind: str) -> Outcome:
    try:
        answer = httpx.post(
            request.url, content=request.body, headers=dict(request.headers), timeout=TIMEOUT_S
        )
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        return Outcome(type(error).__name__)  # it never left
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(f"{IN_DOUBT}: {type(error).__name__}")
    if not answer.is_success:
        return Outcome(f"status {answer.status_code}")
    return Outcome() if kind == "webhook" else Outcome(_refusal(answer))


def _refusal(answer: httpx.Response) -> str:
    """Return why a robot refused a message although its status is 200; empty where it did not."""
    try:
        said = answer.json()
    except ValueError:
        return "no JSON in the answer"
    if not isinstance(said, dict):
        return "no JSON object in the answer"
    code = said.get("errcode", said.get("code", said.get("StatusCode", 0)))
    return "" if code == 0 else f"refused with code {code}"


def _by_apprise(one: Posting) -> Outcome:
    """Send through Apprise: one URL, one service."""
    import apprise  # noqa: PLC0415 - a second to load, and nothing else needs it

    service = apprise.Apprise.instantiate(one.address, suppress_exceptions=True)
    if service is None:
        return Outcome("no Apprise URL")
    sent = service.notify(
        title=one.message.title, body=one.message.body, body_format=apprise.NotifyFormat.TEXT
    )
    return Outcome() if sent else Outcome("refused or not reached")


def _text(message: Message) -> str:
    return f"{message.title}\n{message.body}"


def _within(text: str, most: int) -> str:
    """Cut a text's middle lines until it fits: its head and its last line, the id, stay."""
    lines = text.split("\n")
    while len("\n".join(lines).encode()) > most and len(lines) > 3:  # noqa: PLR2004 - head, one, id
        del lines[-2]
    return "\n".join(lines).encode()[:most].decode(errors="ignore")


def _json(url: str, body: Mapping[str, object]) -> _Request:
    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    return _Request(url, content, {"content-type": "application/json; charset=utf-8"})


def _hmac(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
