"""A registry on loopback that says what a test tells it to, over real HTTP.

It answers like the OCI distribution API as far as pulling needs it, and like any web server for
chart repositories. Every request is written down.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import msgspec

CONFIG = "application/vnd.cncf.helm.config.v1+json"
CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Answer(msgspec.Struct, frozen=True):
    """One answer. `cut` promises that many bytes more than are sent; `wait` is in seconds."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    cut: int = 0
    wait: float = 0
    drip: bool = False


class Asked(msgspec.Struct, frozen=True):
    """One request as it arrived."""

    path: str
    authorization: str = ""
    accept: str = ""


class FakeRegistry:
    """Answers by path, query included. Of several answers each is given once, the last for ever."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.token = ""
        self.login = ""
        self.challenge = "Bearer"
        self.keep_alive = False
        self.connections = 0
        self._answers: dict[str, list[Answer]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [each.path for each in self.asked]

    def answer(self, path: str, *answers: Answer) -> None:
        """What to say to a path from now on."""
        self._answers[path] = list(answers)

    def push(self, name: str, tag: str, archive: bytes, media_type: str = CHART) -> str:
        """Hold a chart as `helm push` leaves it; gives the digest of its manifest."""
        layer = f"sha256:{hashlib.sha256(archive).hexdigest()}"
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "config": {"mediaType": CONFIG, "digest": "sha256:0", "size": 2},
                "layers": [{"mediaType": media_type, "digest": layer, "size": len(archive)}],
            }
        ).encode()
        digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
        for reference in (tag, digest):
            headers = {"Content-Type": MANIFEST}
            self.answer(f"/v2/{name}/manifests/{reference}", Answer(200, manifest, headers))
        self.answer(f"/v2/{name}/blobs/{layer}", Answer(200, archive))
        return digest

    def __enter__(self) -> "FakeRegistry":
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

    def _reply(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if asked.path.startswith("/token"):
            return self._issue(asked)
        if self.token and asked.authorization != self._expected():
            realm = f'{self.challenge} realm="http://{self.host}/token",service="fake",scope="pull"'
            return Answer(401, b"{}", {"Www-Authenticate": realm})
        answers = self._answers.get(asked.path, [Answer(404, b'{"errors": []}')])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _expected(self) -> str:
        return self._basic() if self.challenge == "Basic" else f"Bearer {self.token}"

    def _issue(self, asked: Asked) -> Answer:
        if self.login and asked.authorization != self._basic():
            return Answer(401)
        return Answer(200, json.dumps({"token": self.token}).encode())

    def _basic(self) -> str:
        return f"Basic {base64.b64encode(self.login.encode()).decode()}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                super().setup()
                registry.connections += 1
                self.protocol_version = "HTTP/1.1" if registry.keep_alive else "HTTP/1.0"

            def do_GET(self) -> None:
                headers = self.headers
                asked = Asked(
                    self.path, headers.get("Authorization", ""), headers.get("Accept", "")
                )
                answer = registry._reply(asked)
                time.sleep(answer.wait)
                self.send_response(answer.status)
                for key, value in answer.headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(answer.body) + answer.cut))
                self.end_headers()
                try:
                    self._send(answer)
                except ConnectionError:
                    return

            def _send(self, answer: Answer) -> None:
                if not answer.drip:
                    self.wfile.write(answer.body)
                    return
                for byte in answer.body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.02)

            def log_message(self, format: str, *args: object) -> None:
                """Tests read `asked` instead."""

        return Handler
