"""What the API server demands of the kinds of Kubernetes itself, beyond their schemas.

Source: Kubernetes 1.33, the strategies below `pkg/registry`, which ask `pkg/apis/*/validation`.
Each rule belongs to the definition that it is about, and so holds wherever that is part of a kind.
Where they rely on defaults, these are taken first (`pkg/apis/*/v1/defaults.go`).

The strategy of StatefulSets does not look at the pods that they make; their pods are refused.
"""

from functools import cache
from itertools import chain

from msgspec.structs import replace

from gitops.check.schemas import lifecycle
from gitops.check.schemas.strategy import (
    containers,
    data,
    endpoints,
    kinds,
    networks,
    pods,
    quotas,
    rights,
    scaling,
    selectors,
    services,
    storage,
    volumes,
    webhooks,
    workloads,
)
from gitops.check.schemas.strategy.demands import Demands, Rule, narrow, short
from gitops.check.schemas.strategy.fields import FIELDS

__all__ = ["Demands", "demands", "narrow", "short"]

_SUBJECTS = (
    containers,
    data,
    endpoints,
    kinds,
    networks,
    pods,
    quotas,
    rights,
    scaling,
    selectors,
    services,
    storage,
    volumes,
    webhooks,
    workloads,
)


def demands(kube_version: str) -> dict[str, Demands]:
    """What a Kubernetes version demands, by the short name of the definition."""
    return _demands(later=lifecycle.reached("1.34", kube_version))


@cache
def _demands(*, later: bool) -> dict[str, Demands]:
    """Later versions let some things pass, behind gates that open one after another."""
    found = chain.from_iterable(subject.RULES for subject in _SUBJECTS)
    rules: dict[str, list[Rule]] = {}
    for name, rule in found if later else chain(found, kinds.EARLIER, pods.EARLIER):
        rules.setdefault(name, []).append(rule)
    return {
        name: replace(FIELDS.get(name, Demands()), rules=tuple(rules.get(name, ())))
        for name in sorted({*FIELDS, *rules})
    }
