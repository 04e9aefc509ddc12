"""Ceph while everything around it stops.

Sources: Ceph documentation, "Shutdown and power off": flags before the last daemon stops, and their
removal once all are back; never `noup`, with which OSDs end (rook/rook issue 5492). The operator's
pod has Ceph's commands and the configuration that Rook wrote.
"""

from collections.abc import Iterator

from gitops.bootstrap.step import Await, Command, Ensure, Mentions, Phase, Says, Step
from gitops.bootstrap.tools import Tools
from gitops.power.order import Named

FLAGS = ("noout", "nobackfill", "norebalance", "norecover")
"""In the order in which `ceph health` names them (OSDMap::get_flag_string)."""

_MENDING = ("norecover", "nobackfill")
"""What goes first: what was written while OSDs stopped is missing on those that stopped earlier."""


def down(tools: Tools, cluster: Named) -> Iterator[Step]:
    """Nothing is moved or mended while machines go away."""
    for flag in FLAGS:
        yield Step(
            f"ceph/{cluster.name}/set-{flag}",
            Phase.CEPH,
            f"Ceph {cluster.name}: set {flag}",
            Ensure(_ceph(tools, cluster, "osd", "set", flag)),
            60,
            f"set it by hand: `ceph osd set {flag}`; without it Ceph begins to mend itself",
        )


def up(tools: Tools, cluster: Named) -> Iterator[Step]:
    """Flags go only when all OSDs are back and their flags are all that Ceph complains of."""
    name = f"ceph/{cluster.name}"
    osds = tools.kubectl(
        *("--namespace", cluster.namespace, "wait", "deployment", "--selector"),
        *("app=rook-ceph-osd", "--for=condition=Available", "--timeout=10s"),
    )
    remedy = "`ceph status` and `ceph osd tree` tell which disk or node is missing"
    title = f"Ceph {cluster.name}: all OSDs are there"
    yield Step(f"{name}/osds", Phase.CEPH, title, Await((osds,)), 900, remedy)
    yield from (_unset(tools, cluster, flag) for flag in _MENDING)
    health = _ceph(tools, cluster, "health")
    kept = [flag for flag in FLAGS if flag not in _MENDING]
    flagged = Await((health,), Says(f"HEALTH_WARN {','.join(kept)} flag(s) set"))
    title = f"Ceph {cluster.name}: nothing is wrong but our flags"
    remedy = "`ceph health detail` tells what else is; begin again when that is mended"
    yield Step(f"{name}/clean", Phase.CEPH, title, flagged, 1800, remedy)
    yield from (_unset(tools, cluster, flag) for flag in kept)
    title = f"Ceph {cluster.name}: healthy"
    healthy = Await((health,), Mentions(("HEALTH_OK",)))
    yield Step(f"{name}/healthy", Phase.CEPH, title, healthy, 1800, "`ceph health detail` says why")


def _unset(tools: Tools, cluster: Named, flag: str) -> Step:
    title = f"Ceph {cluster.name}: unset {flag}"
    act = Ensure(_ceph(tools, cluster, "osd", "unset", flag))
    remedy = f"unset it by hand: `ceph osd unset {flag}`"
    return Step(f"ceph/{cluster.name}/unset-{flag}", Phase.CEPH, title, act, 60, remedy)


def _ceph(tools: Tools, cluster: Named, *arguments: str) -> Command:
    place = f"/var/lib/rook/{cluster.namespace}/{cluster.namespace}.config"
    return tools.kubectl(
        *("--namespace", cluster.namespace, "exec", "deployment/rook-ceph-operator", "--"),
        *("ceph", "--conf", place, *arguments),
    )
