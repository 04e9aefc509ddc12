"""The internal DNS on BIND itself: what it answers, and which updates of a cluster it takes.

Only places are changed: folders, the address and port it listens on, and keys instead of their
names in 1Password.
"""

import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops.network import names
from tests import estates

pytestmark = pytest.mark.oracle

KEYS = {name: base64.b64encode(name.encode() * 8).decode() for name in ("one", "two")}


class Server:
    """A server on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, *words: str) -> list[str]:
        """Lines of `dig +short`."""
        command = ("dig", "+short", "+time=2", "+tries=1", "@127.0.0.1", "-p", str(self.port))
        done = subprocess.run((*command, *words), capture_output=True, timeout=20, check=False)
        return done.stdout.decode().splitlines()

    def update(self, cluster: str, change: str) -> str:
        """What the server says to an update that is signed as external-dns does; nothing, if it
        takes it."""
        key = f"hmac-sha256:external-dns-{cluster}:{KEYS.get(cluster, KEYS['one'])}"
        text = f"server 127.0.0.1 {self.port}\nzone example.org\n{change}\nsend\n"
        command = ("nsupdate", "-y", key)
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=20, check=False
        )
        return (done.stdout + done.stderr).decode().strip()


def written(folder: Path, port: int) -> Path:
    """The configuration in a folder."""
    files = names.files(estates.loaded().estate)
    (folder / "example.org.zone").write_text(files["network/dns/example.org.zone"], "utf-8")
    text = files["network/dns/outside.conf"]
    for old, new in (
        ('directory "/var/cache/bind";', f'directory "{folder}"; pid-file none;'),
        ("listen-on { 127.0.0.1; 10.0.11.30; };", f"listen-on port {port} {{ 127.0.0.1; }};"),
        ("dnssec-validation auto;", f'session-keyfile "{folder}/session"; dnssec-validation no;'),
        ("/var/lib/bind/", f"{folder}/"),
        ("op://one/dns-server/tsig-secret", KEYS["one"]),
        ("op://two/dns-server/tsig-secret", KEYS["two"]),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "named.conf"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """BIND with the zone of the small estate."""
    for program in ("named", "dig", "nsupdate", "named-checkconf"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: bind9, bind9-utils, bind9-dnsutils)")
    folder = tmp_path_factory.mktemp("bind")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    path = written(folder, port)
    subprocess.run(("named-checkconf", "-z", str(path)), check=True, timeout=20)
    log = (folder / "log").open("wb")
    started = subprocess.Popen(("named", "-g", "-n", "1", "-c", str(path)), stderr=log)
    running = Server(port)
    try:
        end = time.monotonic() + 30
        while not running.ask("nas.example.org", "A"):
            assert time.monotonic() < end, (folder / "log").read_text()[-2000:]
            time.sleep(0.1)
        yield running
    finally:
        started.kill()
        started.wait(10)
        log.close()


def test_it_answers_for_nodes_and_what_moves_among_them(server: Server) -> None:
    assert server.ask("one-01.example.org", "A") == ["10.0.11.11"]
    assert server.ask("one.example.org", "A") == ["10.0.11.10"]
    assert server.ask("router.nodes.net.example.org", "A") == ["10.0.11.1"]


def test_a_cluster_adds_a_name_and_removes_it(server: Server) -> None:
    assert server.update("one", "update add web.example.org 60 A 10.0.20.10") == ""
    assert server.ask("web.example.org", "A") == ["10.0.20.10"]
    assert server.update("one", "update delete web.example.org A") == ""
    assert server.ask("web.example.org", "A") == []


@pytest.mark.parametrize(
    "change",
    [
        "update add two.example.org 60 A 10.0.20.99",
        "update delete two.example.org A",
        "update add one-01.example.org 60 A 10.0.20.99",
        "update add example.org 60 TXT hello",
        "update add outside.example.org 60 CNAME web.example.org.",
        "update add mail.example.org 60 MX 10 web.example.org.",
    ],
)
def test_names_of_the_estate_and_other_types_are_refused(server: Server, change: str) -> None:
    assert server.update("one", change) == "update failed: REFUSED"
    assert server.ask("two.example.org", "A") == ["10.0.11.20"]


def test_a_key_that_is_not_known_changes_nothing(server: Server) -> None:
    assert "NOTAUTH(BADKEY)" in server.update("three", "update add x.example.org 60 A 10.0.20.1")
    assert server.ask("x.example.org", "A") == []


def test_a_cluster_reads_the_whole_zone_and_others_do_not(server: Server) -> None:
    """external-dns learns from a transfer what it made before."""
    key = f"hmac-sha256:external-dns-two:{KEYS['two']}"
    whole = server.ask("-y", key, "example.org", "AXFR")
    assert "10.0.11.14" in whole
    assert not any("10.0.11.14" in line for line in server.ask("example.org", "AXFR"))
