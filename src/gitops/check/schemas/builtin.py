"""The schemas of Kubernetes itself, in the form that those of custom resources have."""

from collections.abc import Iterator
from typing import Any

from gitops.check.schemas import strategy
from gitops.check.schemas.strategy import Demands

Schema = dict[str, Any]

_NAMED: dict[str, Schema] = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {
        "x-kubernetes-int-or-string": True,
        "format": "core-quantity",
    },
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"x-kubernetes-int-or-string": True},
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": {"type": "string", "format": "core-time"},
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": {"type": "string", "format": "core-time"},
}
_KEPT = ("required", "enum", "x-kubernetes-list-type", "x-kubernetes-list-map-keys")
_FORMATS = {"int32": "core-int32", "int64": "core-int64", "byte": "core-byte"}
_PREFIX = "#/$defs/"


class Builtin:
    """The kinds of one version of Kubernetes. A schema is put together when its kind is asked for,
    and shared by all kinds that hold it: some hold themselves."""

    def __init__(
        self, definitions: dict[str, Any], demands: dict[str, Demands] | None = None
    ) -> None:
        """`demands` is what the API server asks of definitions beyond their schemas."""
        self._definitions = definitions
        self._demands = demands or {}
        self._made: dict[str, Schema] = {}
        self._names = dict(_kinds(definitions))
        self._versions: dict[tuple[str, str], list[str]] = {}
        for group, version, kind in sorted(self._names):
            self._versions.setdefault((group, kind), []).append(version)

    def schema(self, group: str, version: str, kind: str) -> Schema | None:
        """The schema of a kind; None where this version of Kubernetes serves none."""
        name = self._names.get((group, version, kind))
        return None if name is None else self._named(name)

    def versions(self, group: str, kind: str) -> tuple[str, ...]:
        """The versions in which a kind is served."""
        return tuple(self._versions.get((group, kind), ()))

    def served(self, group: str, version: str, resource: str) -> Schema | None:
        """The schema of the kind that the API serves under a name: small, and in the plural."""
        for known in self._names:
            if known[:2] == (group, version) and _plural(known[2]) == resource:
                return self.schema(*known)
        return None

    def resources(self, group: str) -> frozenset[str]:
        """The names of the kinds of a group as the API has them: small, and in the plural."""
        return frozenset(_plural(kind) for found, _, kind in self._names if found == group)

    def has_group(self, group: str) -> bool:
        """Whether any kind of the group is served."""
        return any(each[0] == group for each in self._names)

    def kinds(self, group: str) -> list[str]:
        """The kinds of a group."""
        return sorted({kind for found, _, kind in self._names if found == group})

    def groups(self, kind: str) -> list[str]:
        """The groups that have a kind of this name."""
        return sorted({group for group, _, found in self._names if found == kind})

    def _named(self, name: str) -> Schema:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = {}
            own = _NAMED.get(name)
            made.update(own if own is not None else self._structural(self._definitions[name]))
            made["nullable"] = True
            found = self._demands.get(strategy.short(name))
            if found is not None and "properties" in made:
                strategy.narrow(made, found)
        return made

    def _structural(self, found: Schema) -> Schema:
        if "$ref" in found:
            return self._named(found["$ref"].removeprefix(_PREFIX))
        made: Schema = {"nullable": True, **{word: found[word] for word in _KEPT if word in found}}
        # Go reads null as if nothing were there, and so finds it missing.
        made["core-filled"] = tuple(found.get("required", ()))
        types = found.get("type", [])
        named = [types] if isinstance(types, str) else [each for each in types if each != "null"]
        if named:
            made["type"] = named[0]
        if found.get("format") in _FORMATS:
            made["format"] = _FORMATS[found["format"]]
        if "properties" in found:
            made["type"] = "object"
            made["properties"] = {
                name: self._field(name, field) for name, field in found["properties"].items()
            }
        elif isinstance(found.get("additionalProperties"), dict):
            made["additionalProperties"] = self._structural(found["additionalProperties"])
        elif "items" not in found and made.get("type") in (None, "object"):
            made["core-open"] = True
        if isinstance(found.get("items"), dict):
            made["items"] = self._structural(found["items"])
        return made

    def _field(self, name: str, field: Schema) -> Schema:
        made = self._structural(field)
        if name == "protocol":
            # The one key of lists that has a default (Kubernetes API, ContainerPort, ServicePort).
            made = {**made, "core-default": "TCP", "default": "TCP"}
        return made


def _kinds(definitions: dict[str, Any]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Group, version and kind of each definition that is a kind with metadata."""
    for name, definition in definitions.items():
        fields = definition.get("properties", {})
        kinds = definition.get("x-kubernetes-group-version-kind", ())
        if "metadata" in fields and len(kinds) == 1 and not name.endswith("List"):
            (found,) = kinds
            yield (found["group"], found["version"], found["kind"]), name


def _plural(kind: str) -> str:
    """As Kubernetes calls its own resources; `endpoints` is the one that is always a plural."""
    name = kind.lower()
    if name == "endpoints":
        return name
    if name.endswith("y") and not name.endswith("ay"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch")) else f"{name}s"
