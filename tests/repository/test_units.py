"""Every unit builds alone, with the kustomize that Flux builds with."""

import subprocess

import pytest

from tests.oracle import tools
from tests.repository import manifests

UNITS = sorted(
    {
        manifests.unit(step)
        for name in manifests.clusters()
        for step in manifests.steps(name).values()
        if manifests.is_own(step)
    }
)


@pytest.mark.oracle
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_builds_alone(unit: str) -> None:
    command = [tools.kustomize(), "build", str(manifests.ROOT / unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
