"""The machines in `gitops check`."""

from pathlib import Path

import pytest

from gitops.cli import machining
from gitops.sources.tree import MemoryTree
from gitops.talos import rendering, schematic
from tests import machines


@pytest.fixture(autouse=True)
def no_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path))


def told(files: dict[str, str]) -> list[tuple[str, str, str, list[str]]]:
    return [
        (found.rule, str(found.at), found.message, [str(other) for other in found.related])
        for found in machining.findings(MemoryTree(files), machines.loaded())
        if found.rule != "talos/no-schema"
    ]


def files() -> dict[str, str]:
    paths = (rendering.TEMPLATE, schematic.PATH)
    return {path: machines.tree().read(path).decode() for path in paths}


def test_our_own_machines_are_right() -> None:
    assert told(files()) == []


def test_a_mistake_is_in_the_line_of_the_template_once_for_each_cluster() -> None:
    given = files()
    text = given[rendering.TEMPLATE].replace("timeout: 5m", "timeout: 5s")
    found = told({**given, rendering.TEMPLATE: text})
    line = 1 + text.splitlines().index("timeout: 5s")
    became = 1 + machines.configurations()[0].text.splitlines().index("timeout: 5m")
    assert found == [
        (
            "talos/watchdog",
            f"{rendering.TEMPLATE}:{line}",
            "WatchdogTimerConfig timeout is 5s, and Talos takes 10 seconds and more",
            [f"{path}:{became}"],
        )
        for path in ("infra/infra-01.yaml", "apps/apps-01.yaml")
    ]


def test_a_repository_need_not_configure_machines() -> None:
    assert list(machining.findings(MemoryTree({}), machines.loaded())) == []
