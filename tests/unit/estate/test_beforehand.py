import pytest

from gitops.estate import beforehand
from gitops.estate.beforehand import Brought
from gitops.sources.tree import MemoryTree

RELEASES = "releases:\n  - name: operator\n    namespace: system\n"


@pytest.mark.parametrize(
    "path",
    [
        "bootstrap/helmfile.yaml",
        "kubernetes/main/bootstrap/helmfile.d/00-crds.yaml",
        "bootstrap/main/helmfile.d/00-crds.yml",
    ],
)
def test_helmfiles_below_a_folder_called_bootstrap_are_read(path: str) -> None:
    assert beforehand.load(MemoryTree({path: RELEASES})).releases == {"system/operator"}


@pytest.mark.parametrize(
    "files",
    [
        {"apps/helmfile.yaml": RELEASES},
        {"bootstrap/report.yaml": f"kind: Report\n{RELEASES}"},
        {"bootstrap/broken.yaml": f"{RELEASES}  - [\n"},
        {"bootstrap/odd.yaml": "releases: {name: operator}\n---\n[releases:]\n"},
        {"a/b/c/bootstrap/helmfile.yaml": RELEASES},
        {},
    ],
)
def test_other_files_tell_nothing(files: dict[str, str]) -> None:
    assert beforehand.load(MemoryTree(files)) == Brought()


def test_namespaces_are_read_too() -> None:
    files = {
        "bootstrap/a.yaml": "kind: Namespace\nmetadata: {name: tools}\n---\nkind: Secret\n",
        "bootstrap/b.yaml": "kind: Namespace\nmetadata: [name]\n",
        "apps/c.yaml": "kind: Namespace\nmetadata: {name: apps}\n",
    }
    assert beforehand.load(MemoryTree(files)) == Brought(namespaces=frozenset({"tools"}))
