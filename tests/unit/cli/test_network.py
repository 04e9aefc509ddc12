"""`gitops network`."""

import json
import shutil
from pathlib import Path

import pytest

from gitops.cli import main
from tests import estates


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that says what its estate is, and nothing else."""
    (tmp_path / "fleet.yaml").write_text(estates.TEXT, "utf-8")
    return tmp_path


def test_render_writes_once_and_then_finds_nothing_to_write(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["network", "render", "--repo", str(repository), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == [
        "docs/reference/network.md",
        "network/dns/example.org.zone",
        "network/dns/outside.conf",
        "network/srx320.conf",
        "network/switches/core.cfg",
        "network/switches/tor.cfg",
    ]
    assert main.main(["network", "render", "--repo", str(repository)]) == 0
    assert main.main(["network", "render", "--check", "--repo", str(repository)]) == 0
    assert capsys.readouterr().out == "no findings\n"


def test_a_file_that_somebody_changed_is_stale(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["network", "render", "--repo", str(repository)]) == 0
    path = repository / "network/srx320.conf"
    text = path.read_text("utf-8")
    path.write_text(text.replace("10.0.20.0/24 prefix", "10.0.20.0/23 prefix"), "utf-8")
    number = text.splitlines().index(next(x for x in text.splitlines() if "10.0.20.0/24 pre" in x))
    capsys.readouterr()
    assert main.main(["network", "render", "--check", "--repo", str(repository)]) == 1
    found = capsys.readouterr().out
    assert found.startswith(f"network/srx320.conf:{number + 1}: error generate/stale: ")
    assert "then run `gitops network render`" in found


def test_without_facts_there_is_nothing_to_render(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["network", "render", "--repo", str(tmp_path)]) == 2
    assert "has no fleet.yaml" in capsys.readouterr().err


def test_check_tells_of_the_network_and_of_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path / "cache"))
    refused = Path(__file__).parents[2] / "refused/check/network-router"
    alone = shutil.copytree(refused, tmp_path / "repository")
    assert main.main(["network", "check", "--repo", str(alone), "--json"]) == 1
    rules = {each["rule"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert rules >= {"network/password", "network/timers"}
    assert {rule.partition("/")[0] for rule in rules} <= {"address", "bgp", "estate", "network"}
