"""`gitops network diff` and `apply`, against a router that speaks NETCONF through a stand-in for
`ssh`; what it is like on a real one was not tried."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gitops.cli import main
from gitops.errors import DeviceError
from gitops.model.estate import Estate
from gitops.network.junos import router, statements
from gitops.sources import clock, netconf
from tests import estates, junos

ROOT = Path(__file__).parents[3]
PASSWORD = "not-a-secret"


class Bench:
    """A repository, a router, and programs on PATH."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.repository.mkdir()
        (self.repository / "fleet.yaml").write_text(estates.TEXT, "utf-8")
        self.programs = folder / "bin"
        self.programs.mkdir()
        self.path = folder / "router.json"
        run = f"exec {sys.executable} {ROOT / 'tests/junos.py'} {self.path}"
        self.program("ssh", f'[ "$*" = "-o BatchMode=yes -s -- $ROUTER netconf" ] || exit 9\n{run}')
        self.program("op", f'[ "$4" = "" ] && [ "$3" = "$REFERENCE" ] && printf %s {PASSWORD}')
        self.put()

    def program(self, name: str, text: str) -> None:
        """Put a program on PATH."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        path.chmod(0o755)

    def put(self, *without: str, **more: Any) -> None:
        """The router holds what is wanted, but for lines with these words."""
        held = [
            line for line in lines(estates.loaded().estate) if not any(w in line for w in without)
        ]
        state = {"running": held, "done": [], "down": [], **more}
        self.path.write_text(json.dumps(state), "utf-8")

    @property
    def state(self) -> dict[str, Any]:
        """What became of the router."""
        found: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return found

    def run(self, *arguments: str) -> int:
        """A command of `gitops network`."""
        return main.main(["network", *arguments, "--repo", str(self.repository)])


def lines(estate: Estate) -> list[str]:
    """What the router holds once it was told, with the password as it shows it."""
    shown = [statements.show(each) for each in router.statements(estate)]
    return [line.replace("op://operator/bgp-router/password", '"$9$hidden"') for line in shown]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A router at the address that the facts give."""
    found = Bench(tmp_path)
    monkeypatch.setenv("PATH", f"{found.programs}:/usr/bin:/bin")
    monkeypatch.setenv("ROUTER", "10.0.99.1")
    monkeypatch.setenv("REFERENCE", "op://operator/bgp-router/password")
    monkeypatch.setattr(clock.Clock, "sleep", lambda self, seconds: None)
    return found


HOLD = "set protocols bgp group K8S-ONE hold-time 9"


def test_a_router_that_was_told_everything_differs_in_nothing(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.run("diff") == 0
    assert capsys.readouterr().out == "the router is what fleet.yaml says\n"


def test_what_differs_is_printed_as_the_router_takes_it(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.put("K8S-ONE hold-time")
    assert bench.run("diff") == 1
    assert capsys.readouterr().out == f"{HOLD}\n"


def test_a_file_does_instead_of_the_router(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bench.repository / "running"
    path.write_text("".join(f"{line}\n" for line in bench.state["running"] if line != HOLD))
    assert bench.run("diff", "--running", str(path), "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"lines": [HOLD]}
    assert bench.state["done"] == []


def test_it_is_judged_then_tried_then_looked_at_then_confirmed(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.put("K8S-ONE hold-time")
    assert bench.run("apply", "--yes") == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "confirmed: 2 BGP sessions are up as before"
    )
    assert bench.state["done"] == [
        "get-configuration",
        "lock",
        "get-bgp-summary-information",
        "load-configuration",
        "check",
        "confirmed",
        "get-bgp-summary-information",
        "confirm",
        "close-session",
    ]
    assert sorted(bench.state["running"]) == sorted(lines(estates.loaded().estate))


def test_the_password_reaches_the_router_and_nobody_else(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.put("authentication-key")
    assert bench.run("apply", "--yes") == 0
    told = capsys.readouterr()
    assert PASSWORD not in told.out + told.err
    keys = [line for line in bench.state["running"] if "authentication-key" in line]
    assert keys == [
        f"set protocols bgp group K8S-{name} authentication-key {PASSWORD}"
        for name in ("ONE", "TWO")
    ]


def test_a_password_is_renewed_when_asked_for(bench: Bench) -> None:
    assert bench.run("apply", "--yes", "--renew-password") == 0
    keys = [line for line in bench.state["running"] if line.endswith(PASSWORD)]
    assert len(keys) == 2


def test_a_session_that_stays_down_is_not_confirmed(
    bench: Bench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = iter(range(0, 10_000, 50))
    monkeypatch.setattr(clock.Clock, "now", lambda self: float(next(passed)))
    bench.put("K8S-ONE hold-time", down=["10.0.11.11"])
    assert bench.run("apply", "--yes", "--minutes", "3") == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "not confirmed: no BGP session with 10.0.11.11; in 3 min the router is as it was"
    )
    assert "confirm" not in bench.state["done"]
    assert HOLD not in bench.state["before"]


def test_a_way_that_the_change_cuts_off_leaves_it_unconfirmed(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.put("K8S-ONE hold-time", cut="confirm")
    assert bench.run("apply", "--yes") == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "not confirmed: 10.0.99.1: ssh ended; its words stand above; "
        "in 5 min the router is as it was"
    )


def test_what_the_router_refuses_is_forgotten(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.put("K8S-ONE hold-time", refuse={"check": "hold-time out of range"})
    assert bench.run("apply", "--yes") == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "refused, nothing changed: 10.0.99.1: hold-time out of range [edit]"
    )
    assert bench.state["done"][-2:] == ["discard-changes", "close-session"]
    assert HOLD not in bench.state["running"]


def test_a_candidate_of_somebody_else_is_left_alone(
    bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.put("K8S-ONE hold-time", refuse={"lock": "configuration database modified"})
    assert bench.run("apply", "--yes") == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "refused, nothing changed: 10.0.99.1: configuration database modified [edit]"
    )
    assert bench.state["done"] == ["get-configuration", "lock", "close-session"]


def test_nobody_is_asked_where_nobody_is(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.put("K8S-ONE hold-time")
    assert bench.run("apply") == 2
    assert "say --yes" in capsys.readouterr().err
    assert bench.state["done"] == ["get-configuration", "close-session"]


def test_a_router_that_does_not_answer_is_told(bench: Bench) -> None:
    bench.program("ssh", "exec sleep 20")
    with pytest.raises(DeviceError, match=r"^somewhere did not answer within 0.2 s$"):
        netconf.Session("somewhere", timeout=0.2)


def test_what_is_no_xml_is_told(bench: Bench) -> None:
    bench.program("ssh", f"printf 'Permission denied{junos.END}'; exec sleep 20")
    with pytest.raises(DeviceError, match="sends what is no XML"):
        netconf.Session("somewhere", timeout=5)


def test_a_name_that_looks_like_an_option_is_none(bench: Bench) -> None:
    bench.program("ssh", f'echo "$@" > {bench.path}.words; exit 1')
    with pytest.raises(DeviceError, match="ssh ended"):
        netconf.Session("-oProxyCommand=x", timeout=5)
    words = Path(f"{bench.path}.words").read_text("utf-8").split()
    assert words == ["-o", "BatchMode=yes", "-s", "--", "-oProxyCommand=x", "netconf"]
