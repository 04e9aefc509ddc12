"""ReferenceGrants: leave to refer into another namespace.

Source: Gateway API, ReferenceGrant: it lives beside what is referred to, and an entry without a
name is for all objects of its kind.
"""

from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import GROUP
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding


class Use(msgspec.Struct, frozen=True):
    """An object of one namespace uses one of the core group in another."""

    group: str
    kind: str
    namespace: str
    used_kind: str
    used_namespace: str
    used_name: str


def allowed(facts: Index, use: Use) -> bool:
    """Whether the reference needs no leave, or has it."""
    if use.namespace == use.used_namespace:
        return True
    found = facts.of(GROUP, "ReferenceGrant")
    beside = (each.manifest for each in found if each.manifest.id.namespace == use.used_namespace)
    return any(_grants(mapping(facts.body(manifest).get("spec")), use) for manifest in beside)


def missing(facts: Index, spot: Spot, use: Use) -> Finding:
    """What is said of a reference without leave."""
    return facts.view(Sight).absent(
        "gateway/grant-missing",
        spot,
        use.used_namespace,
        f"{spot.owned.manifest.id} uses {use.used_kind}/{use.used_namespace}/{use.used_name}, "
        f"and no ReferenceGrant in {use.used_namespace} lets a {use.kind} of "
        f"{use.namespace} do so",
        f"add a ReferenceGrant to {use.used_namespace}",
    )


def _grants(spec: dict[str, Any], use: Use) -> bool:
    source = {"group": use.group, "kind": use.kind, "namespace": use.namespace}
    if not any(mapping(each) == source for each in listing(at(spec, "from"))):
        return False
    return any(
        each.get("group", "") == ""
        and each.get("kind") == use.used_kind
        and each.get("name") in {None, use.used_name}
        for each in map(mapping, listing(at(spec, "to")))
    )
