"""Field specs: where in which kinds a transformer acts, and the walk that leads there."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem

Gvk = tuple[str, str, str]
"""Group, version and kind; where it selects, an empty part selects anything."""

Setter = Callable[[Any, Any], Problem | None]
"""Changes `holder[key]`, which exists; the holder is a mapping or a list."""


class FieldSpec(msgspec.Struct, frozen=True):
    """One path in the kinds that `gvk` selects; `create` makes the path where it is missing."""

    gvk: Gvk
    path: str
    create: bool
    parts: tuple[str, ...]


class FieldSpecs(msgspec.Struct, frozen=True):
    """Field specs in order, and for each kind those that may concern it."""

    items: tuple[FieldSpec, ...]
    by_kind: dict[str, tuple[FieldSpec, ...]]

    def matching(self, gvk: Gvk) -> list[FieldSpec]:
        """The specs that select the type, in order."""
        specs = self.by_kind.get(gvk[2]) or self.by_kind[""]
        return [spec for spec in specs if selects(spec.gvk, gvk)]


def field_spec(path: str, kind: str = "", group: str = "", version: str = "") -> FieldSpec:
    """A field spec that creates nothing."""
    return FieldSpec((group, version, kind), path, False, split_path(path))


def creating(path: str, kind: str = "", group: str = "", version: str = "") -> FieldSpec:
    """A field spec that creates the path."""
    return FieldSpec((group, version, kind), path, True, split_path(path))


def specs(items: Iterable[FieldSpec]) -> FieldSpecs:
    """Field specs in kustomize's order: by type."""
    return _index(sorted(items, key=lambda spec: type_order(spec.gvk)))


def unsorted(items: Iterable[FieldSpec]) -> FieldSpecs:
    """Field specs just as they are given."""
    return _index(list(items))


def merge(left: FieldSpecs, right: Iterable[FieldSpec]) -> FieldSpecs | Problem:
    """`left` with what `right` adds; a spec that differs only in `create` is a conflict.

    A spec adds nothing where one for the same path stands whose type it selects, so that a spec
    for all types gives way to one for a single type: thus kustomize.
    """
    merged = list(left.items)
    for item in right:
        position = _position(merged, item)
        if position < 0:
            merged.append(item)
        elif merged[position].create != item.create:
            message = f"the field spec {item.path!r} is given both with and without create"
            return Problem(message, "give create alike wherever the path is configured")
    return left if len(merged) == len(left.items) else specs(merged)


def selects(selector: Gvk, gvk: Gvk) -> bool:
    """Whether every part of the selector that says something is equal."""
    return (
        (not selector[2] or selector[2] == gvk[2])
        and (not selector[0] or selector[0] == gvk[0])
        and (not selector[1] or selector[1] == gvk[1])
    )


def split_path(path: str) -> tuple[str, ...]:
    """The parts of `a/b/c`; `\\/` is a slash inside a part."""
    parts: list[str] = []
    pieces = path.split("/")
    for piece in pieces[1:] if len(pieces) > 1 and not pieces[0] else pieces:
        if parts and parts[-1].endswith("\\"):
            parts[-1] = f"{parts[-1][:-1]}/{piece}"
        else:
            parts.append(piece)
    return tuple(map(_field_name, parts))


def _field_name(part: str) -> str:
    """The part, or "" for one that kustomize takes for a place in a list, where it fails."""
    name = part.strip().removesuffix("[]")
    if name.isdecimal() or name in ("-", "*") or (name[:1] == "[" and name[-1:] == "]"):
        return ""
    return part.strip()


def walk(
    node: Any, parts: tuple[str, ...], setter: Setter, create: Callable[[], Any] | None = None
) -> Problem | None:
    """Calls the setter for each field at the path; lists on the way are gone through.

    With `create`, missing mappings on the way are made, and the field as `create()` gives it.
    """
    if type(node) is dict:
        return _step(node, parts, setter, create)
    if type(node) is list:
        for item in node:
            if not is_null(item) and (problem := walk(item, parts, setter, create)):
                return problem
        return None
    if is_null(node):
        return None
    return Problem(
        f"{parts[0]!r} is looked for in a value that is neither a mapping nor a list",
        "correct the object, or the path in the configuration that leads there",
    )


def _step(
    node: dict[str, Any],
    parts: tuple[str, ...],
    setter: Setter,
    create: Callable[[], Any] | None,
) -> Problem | None:
    name = parts[0]
    if name.endswith("[]"):
        name = name[:-2]
        if is_null(node.get(name, name)):
            node[name] = []
    elif create is not None and is_null(node.get(name)):
        node[name] = {} if len(parts) > 1 else create()
    if not name:
        return nameless()
    if name not in node:
        return None
    if len(parts) == 1:
        return setter(node, name)
    return walk(node[name], parts[1:], setter, create)


def nameless() -> Problem:
    """A path of the configuration can be followed no further."""
    message = "the path has a part that cannot be the name of a field"
    return Problem(message, "correct the path in the configuration: fields with / between")


def _position(items: list[FieldSpec], wanted: FieldSpec) -> int:
    for position, item in enumerate(items):
        if item.path == wanted.path and selects(wanted.gvk, item.gvk):
            return position
    return -1


def _index(items: list[FieldSpec]) -> FieldSpecs:
    kinds = {item.gvk[2] for item in items} | {""}
    by_kind = {
        kind: tuple(item for item in items if item.gvk[2] in ("", kind)) for kind in sorted(kinds)
    }
    return FieldSpecs(tuple(items), by_kind)


FIRST = (
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
)
LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


def ranks(first: Iterable[str], last: Iterable[str]) -> dict[str, int]:
    """The rank of each kind that has one; all others have 0."""
    front = tuple(first)
    ranked = {kind: rank - len(front) for rank, kind in enumerate(front)}
    return ranked | {kind: rank + 1 for rank, kind in enumerate(last)}


_RANKS = ranks(FIRST, LAST)


def type_order(gvk: Gvk) -> tuple[int, str]:
    """kustomize's order of types: known kinds first, then group, version and kind as text."""
    return _RANKS.get(gvk[2], 0), type_text(gvk)


def type_text(gvk: Gvk) -> str:
    """A type as kustomize writes it to sort by."""
    group, version, kind = gvk
    return f"{group or '~G'}_{version or '~V'}_{kind or '~K'}"
