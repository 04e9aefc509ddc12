"""What Helmfile makes of our files is what Flux has: chart, version and values of every release."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gitops.cli import main
from gitops.sources import process, yamlio
from tests.architecture import project
from tests.oracle import tools

pytestmark = pytest.mark.oracle

PHASES = ("00-crds", "01-core")
CLUSTERS = ("apps", "infra")


def helmfile(cluster: str, phase: str, *arguments: str) -> bytes:
    """What helmfile prints, on our own repository."""
    program = tools.helmfile()
    file = project.ROOT / "bootstrap" / "helmfile.d" / f"{phase}.yaml"
    return process.run(
        [program, "--file", str(file), "--environment", cluster, *arguments],
        timeout=120,
    )


def handed_over(cluster: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main.main(["handover", "--repo", str(project.ROOT), "--json", cluster]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["releases"]
    return found


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_charts_and_versions_are_those_of_flux(
    cluster: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [
        each
        for phase in PHASES
        for each in json.loads(helmfile(cluster, phase, "list", "--output", "json"))
    ]
    given = handed_over(cluster, capsys)
    assert {
        each["name"]: (each["namespace"], each["chart"], each["version"]) for each in listed
    } == {name: (each["namespace"], each["chart"], each["version"]) for name, each in given.items()}


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_values_are_those_of_flux(
    cluster: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("helm") is None:
        pytest.skip("helmfile asks helm for its version, and helm is not installed")
    names = str(tmp_path / "{{ .Release.Name }}.yaml")
    for phase in PHASES:
        helmfile(cluster, phase, "write-values", "--skip-deps", "--output-file-template", names)
    written = {
        path.stem: yamlio.parse(path.read_bytes(), path.name)[0][0].value
        for path in tmp_path.glob("*.yaml")
    }
    given = handed_over(cluster, capsys)
    assert written == {name: each["values"] for name, each in given.items()}
