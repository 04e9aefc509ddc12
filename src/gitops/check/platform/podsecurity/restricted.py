"""The controls that the level `restricted` adds, or puts in the place of those of `baseline`.

Source: kubernetes.io, Pod Security Standards; k8s.io/pod-security-admission, policy.
"""

from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.platform.podsecurity.baseline import PROFILES
from gitops.check.platform.podsecurity.pod import (
    Container,
    Pod,
    Violation,
    by_containers,
    by_pod,
)

_VOLUMES = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
    *("persistentVolumeClaim", "projected", "secret"),
}


def privilege_escalation(pod: Pod, minor: int) -> Violation | None:
    """Each container gives up gaining privileges."""
    if minor >= 25 and pod.for_windows:
        return None
    bad = [e for e in pod.containers if e.context.get("allowPrivilegeEscalation") is not False]
    words = "must set securityContext.allowPrivilegeEscalation to false"
    return by_containers("allowPrivilegeEscalation", words, bad)


def capabilities(pod: Pod, minor: int) -> Violation | None:
    """Each container drops ALL and adds none but NET_BIND_SERVICE."""
    if minor >= 25 and pod.for_windows:
        return None
    bad, values = [], set()
    for each in pod.containers:
        added = set(map(str, listing(at(each.context, "capabilities", "add"))))
        added -= {"NET_BIND_SERVICE"}
        if added or "ALL" not in listing(at(each.context, "capabilities", "drop")):
            bad.append(each)
            values |= added
    words = "must drop the capability ALL and add none but NET_BIND_SERVICE"
    return by_containers("capabilities_restricted", words, bad, values)


def volumes(pod: Pod, minor: int) -> Violation | None:
    """Volumes hold what Kubernetes itself provides."""
    found = [mapping(each) for each in listing(pod.spec.get("volumes"))]
    bad = [place for place, each in enumerate(found) if not _VOLUMES & _kinds(each)]
    if not bad:
        return None
    names = tuple(text(found[place].get("name")) for place in bad)
    kinds = {kind for place in bad for kind in _kinds(found[place]) or {"unknown"}}
    words = "must not be of a kind that reaches outside of the cluster"
    way = ("spec", "volumes", bad[0])
    return Violation("restrictedVolumes", words, names, tuple(sorted(kinds)), way)


def _kinds(volume: dict[str, Any]) -> set[str]:
    return {key for key, value in volume.items() if key != "name" and value is not None}


def run_as_non_root(pod: Pod, minor: int) -> Violation | None:
    """Something says that the user is not root, and nothing says otherwise."""
    if minor >= 35 and pod.in_user_namespace:
        return None
    of_pod = pod.context.get("runAsNonRoot")
    said = [(each, each.context.get("runAsNonRoot")) for each in pod.containers]
    wrong = [each for each, says in said if says is False]
    if wrong or of_pod is False:
        words = "must not set securityContext.runAsNonRoot to false"
        return by_pod("runAsNonRoot", words, of_pod is False, wrong, set())
    silent = [] if of_pod is True else [each for each, says in said if says is None]
    words = "must set securityContext.runAsNonRoot to true, or the pod must"
    return by_containers("runAsNonRoot", words, silent)


def run_as_user(pod: Pod, minor: int) -> Violation | None:
    """Nothing sets user 0."""
    if minor >= 35 and pod.in_user_namespace:
        return None
    bad = [each for each in pod.containers if _is_root(each.context.get("runAsUser"))]
    of_pod = _is_root(pod.context.get("runAsUser"))
    return by_pod("runAsUser", "must not set securityContext.runAsUser to 0", of_pod, bad, set())


def _is_root(user: object) -> bool:
    return user == 0 and user is not False


def seccomp(pod: Pod, minor: int) -> Violation | None:
    """System calls are filtered as the runtime or a profile of the node says."""
    if minor >= 25 and pod.for_windows:
        return None
    of_pod = pod.context.get("seccompProfile")
    kind = text(mapping(of_pod).get("type"))
    pod_is_bad = of_pod is not None and kind not in PROFILES
    said = [(each, _profile(each)) for each in pod.containers]
    wrong = [each for each, says in said if says is not None and says not in PROFILES]
    if wrong or pod_is_bad:
        words = "must not have a seccomp profile other than RuntimeDefault or Localhost"
        values = {says for _, says in said if says is not None and says not in PROFILES}
        values |= {kind} if pod_is_bad else set()
        return by_pod("seccompProfile_restricted", words, pod_is_bad, wrong, values)
    silent = [each for each, says in said if says is None and kind not in PROFILES]
    words = "must set securityContext.seccompProfile.type to RuntimeDefault, or the pod must"
    return by_containers("seccompProfile_restricted", words, silent)


def _profile(container: Container) -> str | None:
    found = container.context.get("seccompProfile")
    return None if found is None else text(mapping(found).get("type"))
