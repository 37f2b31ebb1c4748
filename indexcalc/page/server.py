"""The server of the page: its files, and answers to its questions, for this machine alone unless told otherwise."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from indexcalc.page.answers import ANSWERS
from indexcalc.page.workers import Workers

LONGEST = 200_000  # bytes of a question
STATIC = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class PageServer(ThreadingHTTPServer):
    """Serves the page; each request in a thread, each answer from one of a few processes."""

    daemon_threads = True

    def __init__(self, host: str, port: int, workers: Workers) -> None:
        super().__init__((host, port), Handler)
        self.workers = workers
        self.names = {f"{name}:{self.server_port}" for name in ("localhost", "127.0.0.1", "[::1]", host)}

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{self.server_address[0]!s}:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds of a connection on which nothing comes

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what is asked is nobody's business."""

    def version_string(self) -> str:
        """What the server calls itself."""
        return "indexcalc"

    def do_GET(self) -> None:  # the name that http.server asks for
        """Send a file of the page."""
        found = STATIC.get(self.path.partition("?")[0])
        if not self._is_for_us():
            self._send(HTTPStatus.FORBIDDEN, {"error": "this is another server"})
        elif found is None:
            self._send(HTTPStatus.NOT_FOUND, {"error": "there is no such page"})
        else:
            body = files("indexcalc.page").joinpath("static", found[0]).read_bytes()
            self._write(HTTPStatus.OK, body, found[1])

    def do_POST(self) -> None:
        """Answer a question of the page."""
        kind = self.path.removeprefix("/api/")
        length = self.headers.get("Content-Length", "")
        if not self._is_for_us():
            self._refuse(HTTPStatus.FORBIDDEN, "this is another server")
        elif kind not in ANSWERS or not self.path.startswith("/api/"):
            self._refuse(HTTPStatus.NOT_FOUND, f"there is no such question. There are {', '.join(ANSWERS)}")
        elif not length.isdecimal() or int(length) > LONGEST:
            words = f"a question has a length, of at most {LONGEST} bytes"
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words)
        elif self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a question is JSON")
        else:
            self._answer(kind, self.rfile.read(int(length)))

    def _answer(self, kind: str, body: bytes) -> None:
        try:
            question = json.loads(body)
        except (ValueError, RecursionError):
            question = None
        if not isinstance(question, dict):
            self._send(HTTPStatus.BAD_REQUEST, {"error": "a question is a JSON object"})
            return
        self._send(HTTPStatus.OK, self.server.workers.ask(kind, question))

    def _is_for_us(self) -> bool:
        """Whether a request comes from the page itself: another page in the same browser may not ask."""
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in self.server.names:
            return False
        return origin is None or origin.removeprefix("http://") in self.server.names

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        """Refuse a question whose body is not read: the connection ends."""
        self.close_connection = True
        self._send(status, {"error": words})

    def _send(self, status: HTTPStatus, value: Any) -> None:
        self._write(status, json.dumps(value).encode(), "application/json")

    def _write(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
