"""NETCONF through OpenSSH itself: a server on loopback, whose subsystem stands in for Junos."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops.errors import DeviceError
from gitops.sources import netconf
from tests.architecture import project

pytestmark = pytest.mark.oracle

SERVER = shutil.which("sshd") or "/usr/sbin/sshd"

_SERVER = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
Subsystem netconf {python} {program} {folder}/router.json
"""

_CLIENT = """\
Host router
  HostName 127.0.0.1
  Port {port}
  IdentityFile {folder}/client
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known
  StrictHostKeyChecking yes
"""


@pytest.fixture
def router(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The state of a router that SSH knows by the name `router`."""
    for program in ("ssh", "ssh-keygen", SERVER):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: openssh-server)")
    if os.geteuid() != 0 or not _separation():
        pytest.skip("a server of OpenSSH needs root and /run/sshd here")
    for name in ("host", "client"):
        command = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name))
        subprocess.run(command, check=True, timeout=30)
    port = _free_port()
    words = {"port": port, "folder": tmp_path, "python": sys.executable}
    words["program"] = project.ROOT / "tests/junos.py"
    (tmp_path / "server").write_text(_SERVER.format(**words), "utf-8")
    (tmp_path / "config").write_text(_CLIENT.format(**words), "utf-8")
    key = (tmp_path / "host.pub").read_text("utf-8")
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {key}", "utf-8")
    state = tmp_path / "router.json"
    state.write_text(json.dumps({"running": ["set vlans a"], "done": [], "down": []}), "utf-8")
    _through(tmp_path, monkeypatch)
    log = (tmp_path / "log").open("wb")
    started = subprocess.Popen((SERVER, "-D", "-e", "-f", str(tmp_path / "server")), stderr=log)
    try:
        _listening(port)
        yield state
    finally:
        started.kill()
        started.wait(10)
        log.close()


def _separation() -> bool:
    """Where sshd lets go of its rights; its package makes the folder when it starts the service."""
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    return os.access("/run/sshd", os.R_OK)


def _through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real `ssh`, with a configuration of its own instead of this user's."""
    real, own = shutil.which("ssh"), folder / "bin"
    own.mkdir()
    (own / "ssh").write_text(f'#!/bin/sh\nexec {real} -F {folder}/config "$@"\n', "utf-8")
    (own / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{own}:{os.environ['PATH']}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _listening(port: int) -> None:
    end = time.monotonic() + 20
    with socket.socket() as found:
        while found.connect_ex(("127.0.0.1", port)):
            assert time.monotonic() < end, "sshd does not listen"
            time.sleep(0.05)


def test_a_change_travels_through_ssh_and_stays(router: Path) -> None:
    session = netconf.Session("router", timeout=20)
    try:
        assert session.running() == "set version 21.4R3\nset vlans a\n"
        session.lock()
        session.load(("set vlans b vlan-id 2", 'set vlans b description "a & <b>"'))
        session.validate()
        session.commit_for(5)
        session.confirm()
    finally:
        session.close()
    assert json.loads(router.read_text("utf-8"))["running"] == [
        "set vlans a",
        "set vlans b vlan-id 2",
        'set vlans b description "a & <b>"',
    ]


def test_a_router_with_another_key_is_none_of_ours(router: Path) -> None:
    known = router.parent / "known"
    other = (router.parent / "client.pub").read_text("utf-8")
    known.write_text(f"{known.read_text('utf-8').split()[0]} {other}", "utf-8")
    with pytest.raises(DeviceError, match="ssh ended"):
        netconf.Session("router", timeout=20)
    assert json.loads(router.read_text("utf-8"))["done"] == []
