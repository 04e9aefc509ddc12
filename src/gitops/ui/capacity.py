"""Plans of capacity: as tables, or for programs."""

from collections.abc import Collection, Iterator

import msgspec

from gitops.check.platform.capacity.plan import Plan
from gitops.check.platform.capacity.requests import Need

_GIB = 1024**3
_ROW = "{:<24}{:>6}{:>9}{:>10}{:>12}\n"


def tables(plans: Collection[Plan]) -> Iterator[str]:
    """One table per cluster: a line for each namespace, the sum, and the verdict."""
    for plan in plans:
        yield f"{plan.cluster}\n"
        yield _ROW.format("NAMESPACE", "PODS", "ON EACH", "CPU", "MEMORY")
        for share in plan.shares:
            counts = (share.pods, share.daemons)
            yield _ROW.format(share.namespace, *counts, *_shown(share.need))
        yield _ROW.format("together", plan.pods, "", *_shown(plan.total))
        yield _ROW.format(f"{plan.nodes} nodes", "", "", *_shown(plan.room.times(plan.nodes)))
        yield f"{_verdict(plan)}\n\n"


def json(plans: Collection[Plan]) -> Iterator[str]:
    """A list of all plans."""
    yield msgspec.json.encode(list(plans)).decode() + "\n"


def _shown(need: Need) -> tuple[str, str]:
    return f"{need.cpu / 1000:.2f}", f"{need.memory / _GIB:.1f} GiB"


def _verdict(plan: Plan) -> str:
    silent = sum(len(share.silent) for share in plan.shares)
    more = f"; {silent} workloads ask for nothing" if silent else ""
    if plan.homeless:
        return f"without one node, {len(plan.homeless)} pods find no room{more}"
    if plan.crowded:
        return f"without one node, there are more pods than the nodes take{more}"
    return f"without one node, all pods find room{more}"
