"""The transformers that a kustomization's own fields ask for, in kustomize's order."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from gitops.build.kustomize import (
    images,
    lineage,
    metadata,
    names,
    namespaces,
    patches,
    replacements,
    replicas,
)
from gitops.build.kustomize.config import Config
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.kustomization import Kustomization
from gitops.build.kustomize.lineage import Lineage
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource
from gitops.build.kustomize.state import State

encode = msgspec.json.encode
"""Bodies are compared by their bytes."""

Transform = Callable[[list[Resource]], list[Resource]]


def run(
    state: State,
    kustomization: Kustomization,
    resources: list[Resource],
    config: Config,
    origin: Lineage | None,
) -> list[Resource]:
    """Applies the transformers of all fields; what is left of the resources."""
    for kind, transform in _transforms(state, kustomization, config):
        resources = transform(resources)
        if origin is not None:
            file = kustomization.path.rpartition("/")[2]
            seen = origin.configured(file, lineage.builtin(kind))
            lineage.add_transformation(resources, seen)
    return resources


def _transforms(
    state: State, kustomization: Kustomization, config: Config
) -> Iterator[tuple[str, Transform]]:
    """Each transformer with the name of its kind; several fields ask for several of one kind."""
    fields = _Fields(state, kustomization, config)
    for field, (kind, make) in _ORDER.items():
        if field in kustomization.body or field == "images":
            for transform in make(fields, field):
                yield kind, transform


class _Fields:
    """The fields of one kustomization, as transformers."""

    def __init__(self, state: State, kustomization: Kustomization, config: Config) -> None:
        self.state = state
        self.kustomization = kustomization
        self.config = config

    def asked(self, *pointer: str | int, action: str = "transformer") -> Directive:
        return Directive(self.state, self.kustomization, pointer, action)

    def value(self, field: str) -> Any:
        return self.kustomization.body[field]

    def strategic(self, field: str) -> Iterator[Transform]:
        def transform(resources: list[Resource]) -> list[Resource]:
            entries = (
                (self.asked(*pointer, action="patch"), entry)
                for pointer, entry in self.kustomization.entries(field)
            )
            return patches.apply_strategic(self.asked(field), resources, entries)

        if self.value(field):
            yield transform

    def patches(self, field: str) -> Iterator[Transform]:
        for pointer, entry in self.kustomization.entries(field):
            asked = self.asked(*pointer, action="patch")
            yield partial(_patch, asked, entry)

    def json_patches(self, field: str) -> Iterator[Transform]:
        for pointer, entry in self.kustomization.entries(field):
            asked = self.asked(*pointer, action="patch")
            yield _same(patches.apply_json, asked, entry)

    def namespace(self, field: str) -> Iterator[Transform]:
        if self.value(field):
            yield _same(
                namespaces.move, self.asked(field), self.value(field), self.config.namespace
            )

    def prefix(self, field: str) -> Iterator[Transform]:
        if self.value(field):
            specs = self.config.name_prefix
            yield _same(names.add_prefix, self.asked(field), self.value(field), specs)

    def suffix(self, field: str) -> Iterator[Transform]:
        if self.value(field):
            specs = self.config.name_suffix
            yield _same(names.add_suffix, self.asked(field), self.value(field), specs)

    def labels(self, field: str) -> Iterator[Transform]:
        for pointer, entry in self.kustomization.entries(field):
            asked = self.asked(*pointer)
            specs = metadata.label_specs(entry, self.config)
            if isinstance(specs, Problem):
                asked.problem("kustomize/field-spec", specs)
            else:
                yield _same(metadata.add, asked, entry.get("pairs", {}), specs)
        if self.value(field) and not self.kustomization.body.get("commonLabels"):
            # kustomize runs a transformer for commonLabels even when there are none.
            yield _same(metadata.add, self.asked(field), {}, self.config.common_labels)

    def common_labels(self, field: str) -> Iterator[Transform]:
        if self.value(field):
            specs = self.config.common_labels
            yield _same(metadata.add, self.asked(field), self.value(field), specs)

    def annotations(self, field: str) -> Iterator[Transform]:
        if self.value(field):
            specs = self.config.common_annotations
            yield _same(metadata.add, self.asked(field), self.value(field), specs)

    def replicas(self, field: str) -> Iterator[Transform]:
        for pointer, entry in self.kustomization.entries(field):
            yield _same(replicas.scale, self.asked(*pointer), entry, self.config.replicas)

    def images(self, field: str) -> Iterator[Transform]:
        for pointer, entry in self.kustomization.entries(field):
            change = images.change(entry)
            yield _same(images.replace, self.asked(*pointer), change, self.config.images)

    def replacements(self, field: str) -> Iterator[Transform]:
        if self.value(field):
            yield _same(replace, self.asked(field, action="replacement"), self.value(field))


def replace(asked: Directive, resources: list[Resource], entries: list[dict[str, Any]]) -> None:
    """Copies values between resources, entry by entry, so that each is known by what it did."""
    place = asked.place
    before = [encode(resource.body) for resource in resources]
    for number, entry in enumerate(entries):
        pointer = (*asked.pointer, number)
        here = Directive(asked.state, asked.kustomization, pointer, asked.action, asked.given)
        loaded, findings = replacements.load([entry], place.tree, place.folder, here.file)
        here.report((*findings, *replacements.apply(loaded, resources, here.file)))
        after = [encode(resource.body) for resource in resources]
        for resource, old, new in zip(resources, before, after, strict=True):
            if old != new:
                resource.steps.append(here.step)
        before = after


def _patch(asked: Directive, entry: Any, resources: list[Resource]) -> list[Resource]:
    return patches.apply(asked, resources, entry)


def _same(act: Callable[..., None], asked: Directive, *arguments: Any) -> Transform:
    """A transformer that changes resources in place."""

    def transform(resources: list[Resource]) -> list[Resource]:
        act(asked, resources, *arguments)
        return resources

    return transform


_Make = Callable[[_Fields, str], Iterator[Transform]]
_ORDER: dict[str, tuple[str, _Make]] = {
    "patchesStrategicMerge": ("PatchStrategicMergeTransformer", _Fields.strategic),
    "patches": ("PatchTransformer", _Fields.patches),
    "namespace": ("NamespaceTransformer", _Fields.namespace),
    "namePrefix": ("PrefixTransformer", _Fields.prefix),
    "nameSuffix": ("SuffixTransformer", _Fields.suffix),
    "labels": ("LabelTransformer", _Fields.labels),
    "commonLabels": ("LabelTransformer", _Fields.common_labels),
    "commonAnnotations": ("AnnotationsTransformer", _Fields.annotations),
    "patchesJson6902": ("PatchJson6902Transformer", _Fields.json_patches),
    "replicas": ("ReplicaCountTransformer", _Fields.replicas),
    "images": ("ImageTagTransformer", _Fields.images),
    "replacements": ("ReplacementTransformer", _Fields.replacements),
}
