"""The annotations of `buildMetadata`: where a resource came from, and what changed it."""

import posixpath
from typing import Any

import msgspec

from gitops.build.kustomize import remote
from gitops.build.kustomize.resource import ORIGIN, TRANSFORMATIONS, Resource, text
from gitops.sources import yamlio

ORIGINS = "originAnnotations"
TRANSFORMERS = "transformerAnnotations"
MANAGED_BY = "managedByLabel"


class Lineage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A path as it is reached from the root, and the remote repository it may be in."""

    path: str = ""
    repo: str = ""
    ref: str = ""

    def then(self, reference: str) -> "Lineage":
        """What a reference made here leads to."""
        address = remote.parse(reference)
        if address is None:
            return Lineage(_clean(self.path, reference), self.repo, self.ref)
        return Lineage(_clean("", address.path), address.repository, address.ref)

    def configured(self, file: str, by: dict[str, str]) -> dict[str, Any]:
        """The origin of what a generator made, or of a transformation."""
        origin: dict[str, Any] = self.fields()
        origin.pop("path", None)
        return {**origin, "configuredIn": _clean(self.path, file), "configuredBy": by}

    def fields(self) -> dict[str, Any]:
        """The parts that say something."""
        parts = {"path": self.path, "repo": self.repo, "ref": self.ref}
        return {name: part for name, part in parts.items() if part}


def builtin(kind: str) -> dict[str, str]:
    """What a field of the kustomization stands for, as an origin names it."""
    return {"apiVersion": "builtin", "kind": kind}


def set_origin(resource: Resource, origin: dict[str, Any]) -> None:
    """Writes where the resource came from."""
    resource.require_annotations()[ORIGIN] = yamlio.dump(origin)


def set_generated(resource: Resource, configuration: Resource) -> None:
    """Writes that a plugin with this configuration made the resource."""
    origin = _of_plugin(configuration)
    if origin and not resource.annotation(ORIGIN):
        set_origin(resource, origin)


def add_configured(resources: list[Resource], configuration: Resource) -> None:
    """Writes that a plugin with this configuration saw the resources."""
    origin = _of_plugin(configuration)
    if origin:
        add_transformation(resources, origin)


def add_transformation(resources: list[Resource], origin: dict[str, Any]) -> None:
    """Writes that a transformer saw the resources, whether or not it changed them."""
    entry = yamlio.dump([origin])
    for resource in resources:
        annotations = resource.require_annotations()
        if ORIGIN not in annotations:
            annotations[ORIGIN] = yamlio.dump(origin)
        else:
            annotations[TRANSFORMATIONS] = str(annotations.get(TRANSFORMATIONS, "")) + entry


def _of_plugin(configuration: Resource) -> dict[str, Any] | None:
    documents, _ = yamlio.parse(configuration.annotation(ORIGIN).encode(), "")
    if not documents or type(documents[0].value) is not dict:
        return None
    origin = documents[0].value
    by = {
        "apiVersion": text(configuration.body.get("apiVersion")),
        "kind": configuration.gvk[2],
        "name": configuration.name,
        "namespace": configuration.namespace,
    }
    known = {name: origin[name] for name in ("repo", "ref") if name in origin}
    by = {name: value for name, value in by.items() if value}
    return {**known, "configuredIn": origin.get("path", ""), "configuredBy": by}


def _clean(folder: str, reference: str) -> str:
    return posixpath.normpath(posixpath.join(folder, reference))
