"""Volumes that lie on one node: where they are made, and who reaches them.

Sources: openebs.io, Local PV Hostpath, and rancher/local-path-provisioner, provisioner.go: without
a chosen node nothing is made; kubernetes.io, Storage Classes, `volumeBindingMode`; Persistent
Volumes, `ReadWriteOnce`: pods of one node.
"""

from collections.abc import Iterator

from gitops.check import operators, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_LOCAL = ("kubernetes.io/no-provisioner", "openebs.io/local", "rancher.io/local-path")


def early(facts: Index) -> Iterator[Finding]:
    """A class of local volumes waits until a pod has its node."""
    for owned in facts.of("storage.k8s.io", "StorageClass"):
        body = facts.body(owned.manifest)
        if body.get("provisioner") in _LOCAL and body.get("volumeBindingMode") != _WAITING:
            yield Spot(facts, owned, ("volumeBindingMode",)).error(
                "storage/bound-early",
                f"{owned.manifest.id} makes volumes before a pod has its node: "
                f"{body['provisioner']} does not know where",
                f"set volumeBindingMode: {_WAITING}",
            )


_WAITING = "WaitForFirstConsumer"
_TOGETHER = "requiredDuringSchedulingIgnoredDuringExecution"


def apart(facts: Index) -> Iterator[Finding]:
    """Who mounts what another workload mounts, and only one node may, is kept on that node.

    Volumes that are bound to a node bring their pods there: of these nothing is said.
    """
    users: dict[tuple[str, str], list[Template]] = {}
    for template in pods.templates(facts):
        for name in {*_claims(template)}:
            users.setdefault((template.namespace, name), []).append(template)
    for (namespace, name), templates in sorted(users.items(), key=lambda each: each[0]):
        claim = facts.find("", "PersistentVolumeClaim", namespace, name)
        if len(templates) > 1 and claim is not None and _is_of_one_node(facts, claim):
            for template in templates:
                if template.owner.manifest.incomplete != operators.MADE and _is_loose(template):
                    yield _apart(facts, template, claim, templates)
                    break


def _claims(template: Template) -> Iterator[str]:
    for volume in map(mapping, listing(template.spec.get("volumes"))):
        if name := text(at(volume, "persistentVolumeClaim", "claimName")):
            yield name
    whole = template.owner.manifest
    if whole.incomplete == operators.MADE and whole.id.kind == "Deployment":
        yield whole.id.name


def _is_of_one_node(facts: Index, claim: Owned) -> bool:
    spec = mapping(facts.body(claim.manifest).get("spec"))
    name = text(spec.get("storageClassName"))
    found = facts.find("storage.k8s.io", "StorageClass", "", name)
    provisioner = text(at(facts.body(found.manifest), "provisioner")) if found else ""
    once = listing(spec.get("accessModes")) == ["ReadWriteOnce"]
    return once and bool(provisioner) and provisioner not in _LOCAL


def _is_loose(template: Template) -> bool:
    """Whether its pods may be on any node."""
    rules = at(template.spec, "affinity", "podAffinity", _TOGETHER)
    return not (rules or template.spec.get("nodeName") or template.spec.get("nodeSelector"))


def _apart(facts: Index, template: Template, claim: Owned, users: list[Template]) -> Finding:
    other = next(each for each in users if each is not template)
    place = (*template.pointer, "spec", "affinity")
    return Spot(facts, template.owner, place).warning(
        "storage/attached-twice",
        f"{template.owner.manifest.id} mounts {claim.manifest.id}, which "
        f"{other.owner.manifest.id} mounts as well, and one node may: its pods wait on any other",
        "keep it beside that one by podAffinity for kubernetes.io/hostname",
        other.owner,
    )


RULES = (early, apart)
