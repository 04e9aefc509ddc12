"""Pods, whatever makes them."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping
from gitops.check.index import Index, Owned

_TEMPLATES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "Job"): ("spec", "template"),
}
"""Where each kind holds the template of its pods."""


class Template(msgspec.Struct, frozen=True, dict=True):
    """What pods are made from: `pointer` leads to it in the body of `owner`."""

    owner: Owned
    pointer: tuple[str, ...]
    body: dict[str, Any]
    template: dict[str, Any]

    @property
    def namespace(self) -> str:
        """The namespace of the pods."""
        return self.owner.manifest.id.namespace

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of the pods."""
        return mapping(at(self.template, "metadata", "labels"))

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The PodSpec."""
        return mapping(self.template.get("spec"))

    @cached_property
    def replicas(self) -> int:
        """How many pods of it there are; for a DaemonSet, on each node."""
        replicas = at(self.body, "spec", "replicas") if self.pointer else 1
        return replicas if isinstance(replicas, int) else 1

    @cached_property
    def containers(self) -> tuple[tuple[tuple[str | int, ...], dict[str, Any]], ...]:
        """Every container, those that only prepare included, with the way to it in the body."""
        return tuple(
            ((*self.pointer, "spec", field, position), mapping(container))
            for field in ("initContainers", "containers")
            for position, container in enumerate(listing(self.spec.get(field)))
        )


def templates(facts: Index) -> tuple[Template, ...]:
    """The templates of a cluster, those that controllers make included, in the order of kinds."""
    return facts.view(_all)


def _all(facts: Index) -> tuple[Template, ...]:
    return tuple(_each(facts))


def _each(facts: Index) -> Iterator[Template]:
    for (group, kind), pointer in _TEMPLATES.items():
        for owner in facts.of(group, kind):
            body = facts.body(owner.manifest)
            yield Template(owner, pointer, body, mapping(at(body, *pointer)))
