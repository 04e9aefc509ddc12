"""`gitops secrets` on a repository of its own, against a server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops.cli import main
from gitops.sources.onepassword import connect
from tests import estates, vaults
from tests.fake_connect import TOKEN, VALUE, FakeConnect

FULL = [("database", {"password": VALUE})]


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    for path, text in {**vaults.FILES, "fleet.yaml": estates.TEXT}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture(name="server")
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeConnect]:
    with FakeConnect({"one": list(FULL), "shared": []}) as server:
        monkeypatch.setenv(connect.HOST, server.host)
        monkeypatch.setenv(connect.TOKEN, TOKEN)
        yield server


def test_vaults_that_hold_all_are_fine(
    root: Path, server: FakeConnect, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["secrets", "verify", "--repo", str(root), "--vault", "one"]) == 0
    assert capfd.readouterr() == ("no findings\n", "")


def test_what_is_missing_fails_and_no_value_is_printed(
    root: Path, server: FakeConnect, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["secrets", "verify", "--repo", str(root), "--json"]) == 1
    told = capfd.readouterr()
    rules = [each["rule"] for each in json.loads(told.out)["findings"]]
    assert rules == ["vault/closed", "vault/closed", "vault/absent"]
    assert VALUE not in told.out + told.err
    assert TOKEN not in told.out + told.err


def test_a_plan_tells_what_is_missing_only_when_somebody_is_asked(
    root: Path, server: FakeConnect, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = ["secrets", "plan", "--repo", str(root), "--vault", "shared"]
    assert main.main(plan) == 0
    assert capfd.readouterr().out == (
        "vault shared\n"
        "  mail: the mail server\n"
        "    password\n"
        "      made by the mail provider\n"
        "      rotate: change it there\n"
        "    user\n"
        "      made by the mail provider\n"
        "      rotate: never\n"
        "1 item, 2 fields\n"
        "what is there was not asked: --from connect or --from op does\n"
    )
    assert server.asked == []
    assert main.main([*plan, "--from", "connect"]) == 0
    assert capfd.readouterr().out.endswith(
        "missing: the vault 'shared' has no item 'mail': the mail server\n"
    )


def test_a_failure_of_the_server_is_one_of_a_tool(
    root: Path,
    server: FakeConnect,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(connect.TOKEN, "another")
    assert main.main(["secrets", "verify", "--repo", str(root)]) == 3
    assert "answered 401 to /v1/vaults: Invalid token signature" in capfd.readouterr().err


def test_a_vault_that_nobody_listed_cannot_be_asked_for(
    root: Path, server: FakeConnect, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["secrets", "verify", "--repo", str(root), "--vault", "three"]) == 2
    assert capfd.readouterr().err == (
        "gitops secrets: no vault three in secrets/vault.yaml; "
        "there are one, operator, shared, two\n"
    )
