"""Lists of rules that hold none.

Source: Cilium 1.18, pkg/policy/api/rule_validation.go (`Rule.Sanitize`): a direction is closed
where it has a rule, or where `enableDefaultDeny` says so. A NetworkPolicy of Kubernetes with an
empty list closes, so the two are easily taken for each other.
"""

from collections.abc import Iterator

from gitops.check.fields import at
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.policies import cilium
from gitops.model.finding import Finding

_DIRECTIONS = ("ingress", "egress")


def lists(facts: Index) -> Iterator[Finding]:
    """A list of rules that somebody wrote has one."""
    for kind in cilium.KINDS:
        for owned, body in bodies(facts, cilium.GROUP, kind):
            for way, spec in cilium.specs(body):
                for direction in _DIRECTIONS:
                    if spec.get(direction) == [] and not _closes(spec, direction):
                        yield _told(Spot(facts, owned, (*way, direction)), direction)


def _closes(spec: dict[str, object], direction: str) -> bool:
    """Whether something else than the list closes the direction, or says that nothing should."""
    said = at(spec, "enableDefaultDeny", direction)
    return bool(spec.get(f"{direction}Deny")) or isinstance(said, bool)


def _told(spot: Spot, direction: str) -> Finding:
    return spot.warning(
        "network-policy/empty-list",
        f"{spot.who} has `{direction}: []`, which closes nothing: without a rule Cilium leaves the "
        "direction open",
        f"write `{direction}: [{{}}]` to close it, or leave the field out",
    )
