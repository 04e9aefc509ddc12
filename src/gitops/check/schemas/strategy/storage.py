"""Claims, volumes and classes of storage.

Source: Kubernetes `pkg/apis/core/validation`, ValidatePersistentVolumeClaimSpec and
ValidatePersistentVolumeSpec.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at as field
from gitops.check.fields import listing, mapping, text
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, required, wrong
from gitops.check.schemas.strategy import quantities

_OF_VOLUMES = (
    *("capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName"),
    *("mountOptions", "volumeMode", "nodeAffinity", "volumeAttributesClassName"),
)


def modes(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There is a way to use it; and for one pod alone it is the only one."""
    found = listing(spec.get("accessModes"))
    if not found:
        yield required((*at, "accessModes"))
    if "ReadWriteOncePod" in found and set(found) != {"ReadWriteOncePod"}:
        yield conflict((*at, "accessModes"), "may hold no other mode beside ReadWriteOncePod")


def claimed(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Something is claimed."""
    way = ("resources", "requests", "storage")
    amount = field(spec, *way)
    if amount is None:
        yield required((*at, *way))
    elif quantities.parse(amount) <= 0:
        yield wrong((*at, *way), f"must be more than 0, is {amount}")


def origin(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Both ways to name what is copied say the same."""
    old, new = mapping(spec.get("dataSource")), mapping(spec.get("dataSourceRef"))
    if old and new and not new.get("namespace"):
        fields = ("apiGroup", "kind", "name")
        if any((old.get(name) or "") != (new.get(name) or "") for name in fields):
            yield conflict((*at, "dataSourceRef"), "must be the same as dataSource", "keep one")


def volume(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A volume has a size and is of one kind."""
    size = mapping(spec.get("capacity"))
    if "storage" not in size:
        yield required((*at, "capacity", "storage"))
    for name, amount in size.items():
        if name != "storage":
            yield wrong((*at, "capacity", name), "may not be there: a volume has storage alone")
        elif quantities.parse(amount) <= 0:
            yield wrong((*at, "capacity", name), f"must be more than 0, is {amount}")
    there = [name for name in spec if name not in _OF_VOLUMES and spec[name] is not None]
    if not there:
        yield conflict(at, "must have a kind of volume, such as csi or nfs")
    for name in there[1:]:
        yield conflict((*at, name), f"may not be there beside {there[0]}", "keep one of them")
    if spec.get("local") is not None and not field(spec, "nodeAffinity", "required"):
        yield required((*at, "nodeAffinity"), "where the volume is local")


def path(local: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A local volume is named without detours."""
    if ".." in text(local.get("path")).split("/"):
        yield wrong((*at, "path"), "may not hold ..")


def places(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A volume may be at places, each named once."""
    terms = [mapping(each) for each in listing(body.get("allowedTopologies"))]
    for number, term in enumerate(terms):
        labels = [mapping(each).get("key") for each in listing(term.get("matchLabelExpressions"))]
        if not labels:
            yield required((*at, "allowedTopologies", number, "matchLabelExpressions"))
        elif term in terms[:number]:
            yield duplicate((*at, "allowedTopologies", number), "repeats another")
        if len(labels) > len(set(labels)):
            yield duplicate((*at, "allowedTopologies", number), "names a label twice")


def topology(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A place is named by the values of a label, each once."""
    values = listing(found.get("values"))
    if not values:
        yield required((*at, "values"))
    for number, value in enumerate(values):
        if value in values[:number]:
            yield duplicate((*at, "values", number), f"repeats {value!r}")


RULES = (
    ("storage.v1.StorageClass", places),
    ("core.v1.TopologySelectorLabelRequirement", topology),
    *(("core.v1.PersistentVolumeClaimSpec", rule) for rule in (modes, claimed, origin)),
    *(("core.v1.PersistentVolumeSpec", rule) for rule in (modes, volume)),
    ("core.v1.LocalVolumeSource", path),
)
