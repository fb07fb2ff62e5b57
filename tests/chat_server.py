"""A small server of the chat protocol on loopback, for the tests of what asks a language model."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class ChatServed:
    """A server of the chat protocol that says what it is told to, and keeps what it was asked."""

    says: str = ""
    status: int = 200
    body: bytes | None = None
    asked: list[dict] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def chat_server() -> Iterator[ChatServed]:
    """Serve on loopback until the block is left."""
    told = ChatServed()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.asked.append(json.loads(self.rfile.read(length)))
            told.paths.append(self.path)
            said = {"choices": [{"message": {"role": "assistant", "content": told.says}}]}
            body = json.dumps(said).encode() if told.body is None else told.body
            self.send_response(told.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        told.port = http.server_port
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        yield told
        http.shutdown()
        thread.join()
