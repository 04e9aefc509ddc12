"""Definitions that were imported."""

from pathlib import Path

import msgspec
import pytest

from gitops.errors import UsageError
from gitops.sources.schemas import kubernetes, store
from gitops.sources.schemas.store import Store

CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: machines.example.org}
spec:
  group: example.org
  names: {kind: Machine, plural: machines}
  scope: Namespaced
  versions:
    - {name: v1, served: true, storage: true}
    - {name: v1alpha1, served: false, storage: false}
"""


def test_an_imported_definition_stands_for_its_kind(tmp_path: Path) -> None:
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds/machines.yaml").write_text(f"---\n{CRD}---\nkind: ConfigMap\n", "utf-8")
    (tmp_path / "crds/notes.txt").write_text(CRD, "utf-8")
    held = Store(str(tmp_path / "store"))
    before = held.fingerprint
    (added,) = held.add(store.read(str(tmp_path / "crds")))
    assert (added.group, added.kind, added.versions) == ("example.org", "Machine", ("v1",))
    again = Store(str(tmp_path / "store"))
    found = again.definition("example.org", "Machine")
    assert found is not None
    assert msgspec.json.decode(found)["spec"]["names"]["plural"] == "machines"
    assert again.listing() == (added,)
    assert again.fingerprint != before
    assert again.definition("example.org", "Other") is None


def test_a_damaged_definition_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    (tmp_path / "crd.yaml").write_text(CRD, "utf-8")
    (added,) = Store(str(tmp_path)).add(store.read(str(tmp_path / "crd.yaml")))
    (tmp_path / f"{added.digest}.json").write_bytes(msgspec.json.encode({"spec": {}}))
    assert Store(str(tmp_path)).definition("example.org", "Machine") is None


def test_importing_what_is_not_there_is_a_mistake_of_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        store.read(str(tmp_path / "nowhere"))


def test_the_definitions_of_the_nearest_kubernetes_are_taken() -> None:
    deployment = "io.k8s.api.apps.v1.Deployment"
    assert deployment in kubernetes.definitions("1.33.5")
    assert deployment in kubernetes.definitions("v1.99.0")
    assert kubernetes.definitions("new") == {}
