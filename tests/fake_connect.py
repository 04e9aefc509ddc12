"""1Password Connect on loopback, over real HTTP, with the texts of its errors.

Source: 1Password Connect API reference; the bodies of errors are `{"status": …, "message": …}`.
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

TOKEN = "token-of-a-test-that-nobody-may-see"
VALUE = "value-of-a-test-that-nobody-may-see"

Items = Sequence[tuple[str, Mapping[str, str]]]
"""Titles with their fields and values, in the order in which the server tells them."""


class FakeConnect:
    """Holds vaults by name. `broken` answers a path as it says; `wait` is in seconds."""

    def __init__(self, vaults: Mapping[str, Items]) -> None:
        self.vaults = vaults
        self.broken: dict[str, tuple[int, bytes]] = {}
        self.wait = 0.0
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, path: str, authorization: str) -> tuple[int, bytes]:
        self.asked.append(path)
        time.sleep(self.wait)
        if path in self.broken:
            return self.broken[path]
        if authorization != f"Bearer {TOKEN}":
            return _error(401, "Invalid token signature")
        match path.removeprefix("/v1/vaults").strip("/").split("/"):
            case [""]:
                return 200, _json([{"id": f"v-{name}", "name": name} for name in self.vaults])
            case [vault, "items"] if vault.removeprefix("v-") in self.vaults:
                titles = [title for title, _ in self.vaults[vault.removeprefix("v-")]]
                return 200, _json(
                    [{"id": f"i-{at}", "title": title} for at, title in enumerate(titles)]
                )
            case [vault, "items", item] if vault.removeprefix("v-") in self.vaults:
                return self._item(vault.removeprefix("v-"), int(item.removeprefix("i-")))
        return _error(404, "vault not found")

    def _item(self, vault: str, position: int) -> tuple[int, bytes]:
        title, fields = self.vaults[vault][position]
        found = [
            {"id": label, "type": "CONCEALED", "label": label.partition("#")[0], "value": value}
            for label, value in fields.items()
        ]
        found.append({"id": "notesPlain", "type": "STRING", "purpose": "NOTES"})
        return 200, _json({"id": f"i-{position}", "title": title, "fields": found})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = server.answer(self.path, self.headers.get("Authorization", ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def __enter__(self) -> "FakeConnect":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _json(body: object) -> bytes:
    return json.dumps(body).encode()


def _error(status: int, message: str) -> tuple[int, bytes]:
    return status, _json({"status": status, "message": message})
