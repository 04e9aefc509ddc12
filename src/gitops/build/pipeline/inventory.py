"""What a cluster holds so far, and who would produce what is not in the repository."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any

from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest

_PRODUCERS = ("ExternalSecret", "SealedSecret", "ClusterExternalSecret", "ObjectBucketClaim")


class Inventory:
    """Objects by kind, namespace and name. The first of two equals stays: a rule reports both."""

    def __init__(self) -> None:
        self._objects: dict[tuple[str, str, str], Manifest] = {}
        self._produced: dict[tuple[str, str], Manifest] = {}
        self._crds: set[str] = set()
        self._namespaced: dict[tuple[str, str], bool] = {}

    def add(self, manifests: Iterable[Manifest]) -> None:
        """Index more objects."""
        for manifest in manifests:
            found = manifest.id
            key = (_family(found), found.namespace, found.name)
            self._objects.setdefault(key, manifest)
            if found.kind == "CustomResourceDefinition":
                self._define(manifest.body())
            elif found.kind in _PRODUCERS:
                target = _target(manifest.id, manifest.body())
                self._produced.setdefault((found.namespace, target), manifest)

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """An object of a kind whose name alone is unambiguous here (core and Flux kinds)."""
        return self._objects.get((kind, namespace, name))

    def producer(self, namespace: str, secret: str) -> Manifest | None:
        """The object whose controller will create a Secret of this name: one of the namespace, or
        one of the cluster, whichever namespaces it selects."""
        own = self._produced.get((namespace, secret))
        return own or self._produced.get(("", secret))

    def of_kind(self, kind: str) -> Iterator[Manifest]:
        """All objects of a kind, in the order they were added."""
        return (held for (family, _, _), held in self._objects.items() if family == kind)

    def is_namespaced(self, found: ObjectId) -> bool | None:
        """What a CRD seen so far says of the kind's scope; None where there is none."""
        return self._namespaced.get((found.group, found.kind))

    def _define(self, crd: dict[str, Any]) -> None:
        self._crds.update(_api_versions(crd))
        spec = _map(crd.get("spec"))
        if spec.get("scope") in ("Cluster", "Namespaced"):
            kind = (str(spec.get("group")), str(_map(spec.get("names")).get("kind")))
            self._namespaced.setdefault(kind, spec["scope"] == "Namespaced")

    @property
    def api_versions(self) -> tuple[str, ...]:
        """`group/version` and `group/version/Kind` of every CRD seen, sorted."""
        return tuple(sorted(self._crds))


def _family(found: ObjectId) -> str:
    """Kinds that Flux and core Kubernetes own keep their bare name; others carry their group."""
    known = found.group == "" or found.group.endswith("toolkit.fluxcd.io")
    known = known or found.group == "source.extensions.fluxcd.io"
    return found.kind if known else f"{found.kind}.{found.group}"


def _target(found: ObjectId, body: dict[str, Any]) -> str:
    """The name of the Secret.

    Source: external-secrets v0.20.4, `externalSecretName` and `externalSecretSpec` of a
    ClusterExternalSecret: its ExternalSecrets are called as itself if nothing else is said.
    """
    spec = body.get("spec")
    if not isinstance(spec, dict):
        return found.name
    if found.kind == "ClusterExternalSecret":
        of_each = _map(_map(spec.get("externalSecretSpec")).get("target"))
        name = of_each.get("name") or spec.get("externalSecretName")
    elif found.kind == "SealedSecret":
        template = spec.get("template")
        metadata = template.get("metadata") if isinstance(template, dict) else None
        name = metadata.get("name") if isinstance(metadata, dict) else None
    else:
        target = spec.get("target")
        name = target.get("name") if isinstance(target, dict) else None
    return name if isinstance(name, str) and name else found.name


def _api_versions(crd: dict[str, Any]) -> Iterator[str]:
    spec = crd.get("spec")
    if not isinstance(spec, dict):
        return
    names = spec.get("names")
    kind = names.get("kind", "") if isinstance(names, dict) else ""
    versions = spec.get("versions")
    for version in versions if isinstance(versions, list) else ():
        if isinstance(version, dict) and version.get("served"):
            api = f"{spec.get('group')}/{version.get('name')}"
            yield api
            yield f"{api}/{kind}"


def text_data(body: dict[str, Any]) -> dict[str, str]:
    """The `data` of a ConfigMap, or the decoded data of a Secret with stringData over it.

    Values that are not UTF-8 are left out: nothing can be substituted from them.
    """
    data = {k: v for k, v in _map(body.get("data")).items() if isinstance(v, str)}
    if body.get("kind") == "ConfigMap":
        return data
    decoded = {key: text for key, value in data.items() if (text := _decode(value)) is not None}
    decoded.update({k: v for k, v in _map(body.get("stringData")).items() if isinstance(v, str)})
    return decoded


def _decode(value: str) -> str | None:
    """Go leaves line breaks out, which kustomize writes into long values."""
    try:
        return base64.b64decode(re.sub(r"[\r\n]", "", value), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
