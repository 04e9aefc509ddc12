"""Transformer configuration: the built-in one, `configurations` files and `crds` files."""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.build.kustomize import fieldspecs
from gitops.build.kustomize.fieldspecs import FieldSpec, FieldSpecs, Gvk, field_spec, type_order
from gitops.build.kustomize.problem import Problem


class References(msgspec.Struct, frozen=True):
    """Fields that hold the names of objects of one type."""

    gvk: Gvk
    referrers: FieldSpecs

    @property
    def order(self) -> tuple[int, str]:
        """kustomize goes through the types in this order."""
        return type_order(self.gvk)


class Config(msgspec.Struct, frozen=True):
    """The field specs of every transformer.

    It is `settled` when none of them hides another, so that merging it into nothing changes it no
    more.
    """

    name_prefix: FieldSpecs
    name_suffix: FieldSpecs
    namespace: FieldSpecs
    common_labels: FieldSpecs
    labels: FieldSpecs
    template_labels: FieldSpecs
    common_annotations: FieldSpecs
    name_reference: tuple[References, ...]
    var_reference: FieldSpecs
    images: FieldSpecs
    replicas: FieldSpecs
    settled: bool = False


_NO_SPECS = fieldspecs.specs(())

NOTHING = Config(
    name_prefix=_NO_SPECS,
    name_suffix=_NO_SPECS,
    namespace=_NO_SPECS,
    common_labels=_NO_SPECS,
    labels=_NO_SPECS,
    template_labels=_NO_SPECS,
    common_annotations=_NO_SPECS,
    name_reference=(),
    var_reference=_NO_SPECS,
    images=_NO_SPECS,
    replicas=_NO_SPECS,
)

FIELDS = {
    "namePrefix": "name_prefix",
    "nameSuffix": "name_suffix",
    "namespace": "namespace",
    "commonLabels": "common_labels",
    "labels": "labels",
    "templateLabels": "template_labels",
    "commonAnnotations": "common_annotations",
    "varReference": "var_reference",
    "images": "images",
    "replicas": "replicas",
}


def merge(left: Config, right: Config) -> Config | Problem:
    """`left` with what `right` adds. Merging what is there already gives `left` itself."""
    if left is right or right is NOTHING:
        return left
    if left is NOTHING and right.settled:
        return right
    changes: dict[str, Any] = {}
    for field in FIELDS.values():
        before = getattr(left, field)
        merged = fieldspecs.merge(before, getattr(right, field).items)
        if isinstance(merged, Problem):
            return merged
        if merged is not before:
            changes[field] = merged
    references = _merge_references(left.name_reference, right.name_reference)
    if isinstance(references, Problem):
        return references
    if not changes and references is left.name_reference:
        return left
    settled = left is NOTHING
    return msgspec.structs.replace(left, name_reference=references, settled=settled, **changes)


def from_body(body: dict[str, Any]) -> Config:
    """The config that a `configurations` file holds; its fields and types are checked already."""
    given = {
        field: fieldspecs.specs(map(from_entry, body.get(name, ())))
        for name, field in FIELDS.items()
    }
    references = tuple(
        References(_gvk(entry), fieldspecs.specs(map(from_entry, entry.get("fieldSpecs", ()))))
        for entry in body.get("nameReference", ())
    )
    return msgspec.structs.replace(NOTHING, name_reference=references, **given)


def from_entry(entry: dict[str, Any]) -> FieldSpec:
    """A field spec as users write it."""
    path = entry.get("path", "")
    return FieldSpec(_gvk(entry), path, bool(entry.get("create")), fieldspecs.split_path(path))


def from_crds(definitions: dict[str, Any]) -> Config | Problem:
    """What the OpenAPI definitions of a `crds` file say about references, labels and names.

    They say it by the extensions `x-kubernetes-annotation`, `x-kubernetes-label-selector`,
    `x-kubernetes-identity` and `x-kubernetes-object-ref-*` on the properties of a type.
    """
    config: Config | Problem = NOTHING
    for name in sorted(definitions):
        if not {"kind", "apiVersion", "metadata"} <= _properties(definitions, name).keys():
            continue
        kind = name.rpartition(".")[2]
        for found in _extensions(definitions, name, kind, (), (name,)):
            if isinstance(config, Problem):
                return config
            config = merge(config, found)
    return config


def _extensions(
    definitions: dict[str, Any], name: str, kind: str, path: tuple[str, ...], seen: tuple[str, ...]
) -> Iterator[Config]:
    for field, schema in sorted(_properties(definitions, name).items()):
        if not isinstance(schema, dict):
            continue
        here = (*path, field)
        spec = fieldspecs.specs([field_spec("/".join(here), kind)])
        for extension, target in _EXTENSIONS.items():
            if isinstance(schema.get(extension), str):
                yield msgspec.structs.replace(NOTHING, **{target: spec})
        version, refers_to = (schema.get(_REFERENCE + part) for part in ("api-version", "kind"))
        if isinstance(version, str) and isinstance(refers_to, str):
            key = schema.get(_REFERENCE + "name-key", "name")
            referrer = fieldspecs.specs([field_spec("/".join((*here, str(key))), kind)])
            reference = References(("", version, refers_to), referrer)
            yield msgspec.structs.replace(NOTHING, name_reference=(reference,))
        below = schema.get("$ref")
        if isinstance(below, str) and below not in seen:
            yield from _extensions(definitions, below, kind, here, (*seen, below))


_REFERENCE = "x-kubernetes-object-ref-"
_EXTENSIONS = {
    "x-kubernetes-annotation": "common_annotations",
    "x-kubernetes-label-selector": "common_labels",
    "x-kubernetes-identity": "name_prefix",
}


def _properties(definitions: dict[str, Any], name: str) -> dict[str, Any]:
    node: Any = definitions.get(name)
    for wanted in ("schema", "properties"):
        if not isinstance(node, dict):
            return {}
        node = next((value for key, value in node.items() if key.lower() == wanted), None)
    return node if isinstance(node, dict) else {}


def _merge_references(
    left: tuple[References, ...], right: tuple[References, ...]
) -> tuple[References, ...] | Problem:
    merged = {reference.gvk: reference.referrers for reference in left}
    for reference in right:
        known = merged.get(reference.gvk)
        if known is None:
            merged[reference.gvk] = reference.referrers
            continue
        referrers = fieldspecs.merge(known, reference.referrers.items)
        if isinstance(referrers, Problem):
            return referrers
        merged[reference.gvk] = referrers
    if len(merged) == len(left) and all(merged[each.gvk] is each.referrers for each in left):
        return left
    references = (References(gvk, referrers) for gvk, referrers in merged.items())
    return tuple(sorted(references, key=lambda reference: reference.order))


def _gvk(entry: dict[str, Any]) -> Gvk:
    return entry.get("group", ""), entry.get("version", ""), entry.get("kind", "")
