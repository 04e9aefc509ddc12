"""Which controls a level has in a version of Kubernetes.

Source: k8s.io/pod-security-admission, policy: a level holds all controls of the lower one except
those that it replaces; a version that is newer than all known counts as the newest.
"""

from functools import lru_cache

import msgspec

from gitops.check.platform.podsecurity import baseline, restricted
from gitops.check.platform.podsecurity.pod import Check, Pod, Violation

LEVELS = ("privileged", "baseline", "restricted")
"""From the one that allows everything to the strictest."""


class _Control(msgspec.Struct, frozen=True):
    """A control, and from which minor version on it is there. `replaces` is one of `baseline`."""

    check: Check
    since: int = 0
    replaces: Check | None = None


_BASELINE = (
    _Control(baseline.app_armor),
    _Control(baseline.capabilities),
    _Control(baseline.host_namespaces),
    _Control(baseline.host_path_volumes),
    _Control(baseline.host_ports),
    _Control(baseline.host_probes, since=34),
    _Control(baseline.privileged),
    _Control(baseline.proc_mount),
    _Control(baseline.se_linux),
    _Control(baseline.seccomp),
    _Control(baseline.sysctls),
    _Control(baseline.windows_host_process),
)
_RESTRICTED = (
    _Control(restricted.privilege_escalation, since=8),
    _Control(restricted.capabilities, 22, baseline.capabilities),
    _Control(baseline.any_proc_mount, 35, baseline.proc_mount),
    _Control(restricted.volumes, 0, baseline.host_path_volumes),
    _Control(restricted.run_as_non_root),
    _Control(restricted.run_as_user, since=23),
    _Control(restricted.seccomp, 19, baseline.seccomp),
)


@lru_cache
def controls(level: str, minor: int) -> tuple[Check, ...]:
    """The controls of a level in Kubernetes 1.<minor>."""
    if level not in LEVELS[1:]:
        return ()
    lower = [each.check for each in _BASELINE if each.since <= minor]
    if level == "baseline":
        return tuple(lower)
    upper = [each for each in _RESTRICTED if each.since <= minor]
    replaced = [each.replaces for each in upper]
    return (*(each for each in lower if each not in replaced), *(each.check for each in upper))


def violations(level: str, minor: int, pod: Pod) -> tuple[Violation, ...]:
    """What of a pod the level refuses."""
    judged = (check(pod, minor) for check in controls(level, minor))
    return tuple(found for found in judged if found is not None)
