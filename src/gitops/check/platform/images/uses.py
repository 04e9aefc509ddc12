"""Where images are named: in containers, and in objects that controllers make containers of."""

from collections.abc import Iterator

import msgspec

from gitops.check import pods
from gitops.check.fields import at, text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.model.origin import Location

_FIELDS = {
    ("ceph.rook.io", "CephCluster"): ("spec", "cephVersion", "image"),
    ("dragonflydb.io", "Dragonfly"): ("spec", "image"),
    ("fluentbit.fluent.io", "FluentBit"): ("spec", "image"),
    ("k8s.keycloak.org", "Keycloak"): ("spec", "image"),
    ("postgresql.cnpg.io", "Cluster"): ("spec", "imageName"),
}
"""The fields of custom resources that hold a whole name."""


class Use(msgspec.Struct, frozen=True):
    """An image where an object names it."""

    owned: Owned
    way: tuple[str | int, ...]
    written: str

    @property
    def who(self) -> str:
        """The object, for a message."""
        return str(self.owned.manifest.id)

    def place(self, facts: Index) -> Location:
        """The line that decides which image it is."""
        return facts.at(self.owned, *self.way)


def uses(facts: Index) -> tuple[Use, ...]:
    """All of them. What controllers make, and what a lock remembers, names none that is certain."""
    return (*_of_containers(facts), *_of_resources(facts))


def _of_containers(facts: Index) -> Iterator[Use]:
    for template in pods.templates(facts):
        if template.owner.manifest.incomplete not in (MADE, "locked"):
            for way, container in template.containers:
                if written := text(container.get("image")):
                    yield Use(template.owner, (*way, "image"), written)


def _of_resources(facts: Index) -> Iterator[Use]:
    for (group, kind), way in _FIELDS.items():
        for owned in facts.of(group, kind):
            if written := text(at(facts.body(owned.manifest), *way)):
                yield Use(owned, way, written)
