"""What pods ask for.

Sources: kubernetes.io, Resource Management and Sidecar Containers: a pod needs the larger of what
its containers need together and what each init container needs beside the sidecars before it, and
its overhead on top.
"""

import re
from decimal import Decimal
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping
from gitops.check.pods import Template

_QUANTITY = re.compile(r"(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?")
_BINARY: dict[str | None, Decimal] = {
    f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)
}
_DECIMAL: dict[str | None, Decimal] = {
    unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", 1)
}
_SMALL: dict[str | None, Decimal] = {
    unit: Decimal(1000) ** -power for power, unit in enumerate("mun", 1)
}
_UNITS = {**_BINARY, **_DECIMAL, **_SMALL}


class Need(msgspec.Struct, frozen=True, order=True):
    """Memory in bytes and processors in thousandths."""

    memory: int = 0
    cpu: int = 0

    def __add__(self, other: "Need") -> "Need":
        return Need(self.memory + other.memory, self.cpu + other.cpu)

    def __sub__(self, other: "Need") -> "Need":
        return Need(self.memory - other.memory, self.cpu - other.cpu)

    def times(self, count: int) -> "Need":
        """As often."""
        return Need(self.memory * count, self.cpu * count)

    def most(self, other: "Need") -> "Need":
        """The larger of each."""
        return Need(max(self.memory, other.memory), max(self.cpu, other.cpu))

    def fits(self, room: "Need") -> bool:
        """Whether there is room for it."""
        return self.memory <= room.memory and self.cpu <= room.cpu


def quantity(given: object) -> Decimal:
    """A quantity of Kubernetes, 0 for what is none."""
    found = _QUANTITY.fullmatch(str(given)) if given is not None else None
    if found is None:
        return Decimal(0)
    number, exponent, unit = found.groups()
    power = Decimal(f"1e{exponent or 0}")
    return Decimal(number) * power * _UNITS.get(unit, Decimal(1))


def of_pod(template: Template) -> Need:
    """What one pod needs."""
    spec = template.spec
    sidecars, most = Need(), Need()
    for container in map(mapping, listing(spec.get("initContainers"))):
        need = _need(container)
        if container.get("restartPolicy") == "Always":
            sidecars += need
        most = most.most(
            sidecars if container.get("restartPolicy") == "Always" else sidecars + need
        )
    running = sum((_need(mapping(c)) for c in listing(spec.get("containers"))), sidecars)
    overhead = mapping(spec.get("overhead"))
    return most.most(running) + _read(overhead)


def _need(container: dict[str, Any]) -> Need:
    """What a container asks for: a limit without a request is one."""
    resources = mapping(container.get("resources"))
    return _read({**mapping(resources.get("limits")), **mapping(resources.get("requests"))})


def _read(given: dict[str, Any]) -> Need:
    return Need(int(quantity(given.get("memory"))), int(quantity(given.get("cpu")) * 1000))


def asks(container: dict[str, Any]) -> bool:
    """Whether a container says what it needs."""
    need = _need(container)
    return bool(need.memory and need.cpu)


def size(claim: object) -> int:
    """The bytes that a claim of a volume asks for."""
    return int(quantity(at(claim, "spec", "resources", "requests", "storage")))
