"""The programs that are pinned fit what they talk to."""

import tomllib

import pytest

from gitops.estate import loading
from gitops.sources.disk import DiskTree
from tests.repository import manifests

PINS = tomllib.loads((manifests.ROOT / "mise.toml").read_text("utf-8"))["tools"]


@pytest.mark.parametrize(("tool", "fact"), [("kubectl", "kubernetes"), ("talosctl", "talos")])
def test_programs_have_the_version_of_the_machines(tool: str, fact: str) -> None:
    loaded, _ = loading.load(DiskTree(str(manifests.ROOT)))
    assert loaded is not None
    assert f"v{PINS[tool]}" == getattr(loaded.estate.versions, fact)


def test_flux_is_asked_by_the_program_of_its_version() -> None:
    versions = {
        item.body["spec"]["distribution"]["version"]
        for item in manifests.objects()
        if item.body["kind"] == "FluxInstance"
    }
    assert {PINS["flux2"]} == versions
