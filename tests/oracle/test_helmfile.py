"""What Helmfile makes of our files is what Flux has: chart, version and values of every release."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gitops.cli import main
from gitops.sources import process, yamlio
from tests.architecture import project
from tests.oracle import tools

pytestmark = pytest.mark.oracle

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {name}
"""
HANDOVER = """\
#!/bin/sh
cat <<EOF
releases:
  prometheus-operator-crds:
    chart: {chart}
    version: 1.0.0
    values:
      name: wanted
EOF
"""

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


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """Our files beside a small chart, which stands for the one that is handed over."""
    shutil.copytree(project.ROOT / "bootstrap", tmp_path / "bootstrap")
    chart = tmp_path / "prometheus-operator-crds"
    (chart / "templates").mkdir(parents=True)
    (chart / "crds").mkdir()
    chart.joinpath("Chart.yaml").write_text(
        "apiVersion: v2\nname: prometheus-operator-crds\nversion: 1.0.0\n"
    )
    chart.joinpath("crds", "one.yaml").write_text(DEFINITION.format(name="ones.example.org"))
    chart.joinpath("templates", "two.yaml").write_text(
        DEFINITION.format(name="twos.{{ .Values.name }}.example.org")
    )
    program = tmp_path / "gitops"
    program.write_text(HANDOVER.format(chart=chart))
    program.chmod(0o755)
    return tmp_path


def first_phase(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    tools.helm()
    command = [tools.helmfile(), "--file", "bootstrap/helmfile.d/00-crds.yaml"]
    return subprocess.run(
        [*command, "--environment", "infra", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_definitions_are_templated_wherever_a_chart_has_them(alone: Path) -> None:
    done = first_phase(alone, "--quiet", "template", "--include-crds")
    documents, mistakes = yamlio.parse(done.stdout.encode(), "helmfile")
    assert (done.returncode, mistakes) == (0, ())
    assert sorted(each.value["metadata"]["name"] for each in documents) == [
        "ones.example.org",
        "twos.wanted.example.org",
    ]


def test_the_first_phase_refuses_to_be_installed(alone: Path) -> None:
    done = first_phase(alone, "sync")
    assert done.returncode == 1
    assert "unknown flag: --include-crds" in done.stderr
