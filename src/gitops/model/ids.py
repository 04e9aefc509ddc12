"""What a Kubernetes object is called."""

from collections.abc import Mapping
from typing import Any

import msgspec


class ObjectId(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Group, version, kind, namespace and name. Cluster-scoped objects have namespace ""."""

    group: str
    version: str
    kind: str
    namespace: str
    name: str

    @property
    def api_version(self) -> str:
        """`group/version`, or `version` alone for the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Identity in a cluster: the version is only a view of the same object."""
        return (self.group, self.kind, self.namespace, self.name)

    def __str__(self) -> str:
        return "/".join(part for part in (self.kind, self.namespace, self.name) if part)


def split_api_version(api_version: str) -> tuple[str, str]:
    """`apps/v1` -> (`apps`, `v1`); `v1` -> (``, `v1`)."""
    group, slash, version = api_version.rpartition("/")
    return (group, version) if slash else ("", version)


def id_of(body: Mapping[str, Any]) -> ObjectId:
    """The id an object's own fields give it. Fields of a wrong type count as empty."""
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    group, version = split_api_version(_text(body.get("apiVersion")))
    return ObjectId(
        group,
        version,
        _text(body.get("kind")),
        _text(metadata.get("namespace")),
        _text(metadata.get("name")),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
