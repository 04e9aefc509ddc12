"""The controls of the level `baseline`.

Source: kubernetes.io, Pod Security Standards; k8s.io/pod-security-admission, policy.
"""

from collections.abc import Mapping
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.platform.podsecurity.pod import (
    Container,
    Pod,
    Violation,
    by_containers,
    by_pod,
)

_APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod"
_SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"

_CAPABILITIES = {
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
    *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
}
PROFILES = ("Localhost", "RuntimeDefault")
"""The types of profiles, of seccomp and of AppArmor, that are allowed."""

_SELINUX = ("", "container_t", "container_init_t", "container_kvm_t")
_SYSCTLS = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
"""Sysctls with the minor version of Kubernetes from which they are allowed."""


def app_armor(pod: Pod, minor: int) -> Violation | None:
    """No profile but that of the runtime or one of the node."""
    bad, values = _bad_types(pod, "appArmorProfile")
    kind = at(pod.context, "appArmorProfile")
    of_pod = kind is not None and mapping(kind).get("type") not in PROFILES
    values |= {text(mapping(kind).get("type"))} if of_pod else set()
    notes = {
        f"{key}={value}"
        for key, value in pod.annotations.items()
        if key.startswith(_APP_ARMOR) and not _is_profile(value, "", "runtime/default")
    }
    words = "must not have an AppArmor profile other than RuntimeDefault or Localhost"
    if notes and not (of_pod or bad):
        way = ("metadata", "annotations")
        return Violation("appArmorProfile", words, ("pod",), tuple(sorted(values | notes)), way)
    return by_pod("appArmorProfile", words, of_pod, bad, values | notes)


def capabilities(pod: Pod, minor: int) -> Violation | None:
    """No capability is added that container runtimes do not give by themselves."""
    bad, values = [], set()
    for each in pod.containers:
        added = set(map(str, listing(at(each.context, "capabilities", "add")))) - _CAPABILITIES
        if added:
            bad.append(each)
            values |= added
    return by_containers("capabilities_baseline", "must not add capabilities", bad, values)


def host_namespaces(pod: Pod, minor: int) -> Violation | None:
    """Nothing of the node's own namespaces."""
    used = [field for field in ("hostNetwork", "hostPID", "hostIPC") if pod.spec.get(field) is True]
    if not used:
        return None
    words = "must not share namespaces with its node"
    return Violation("hostNamespaces", words, ("pod",), tuple(used), ("spec", used[0]))


def host_path_volumes(pod: Pod, minor: int) -> Violation | None:
    """No folder of the node is mounted."""
    volumes = listing(pod.spec.get("volumes"))
    bad = [place for place, each in enumerate(volumes) if at(each, "hostPath") is not None]
    if not bad:
        return None
    names = tuple(text(mapping(volumes[place]).get("name")) for place in bad)
    words = "must not be folders of the node"
    return Violation("hostPathVolumes", words, names, (), ("spec", "volumes", bad[0]))


def host_ports(pod: Pod, minor: int) -> Violation | None:
    """No port of the node is taken."""
    bad, values = [], set()
    for each in pod.containers:
        ports = {at(port, "hostPort") for port in listing(each.body.get("ports"))} - {None, 0}
        if ports:
            bad.append(each)
            values |= set(map(str, ports))
    return by_containers("hostPorts", "must not take ports of the node", bad, values)


def host_probes(pod: Pod, minor: int) -> Violation | None:
    """Probes and lifecycle handlers ask the pod itself."""
    bad, values = [], set()
    for each in pod.containers:
        hosts = {text(host) for host in _hosts(each.body)} - {""}
        if hosts:
            bad.append(each)
            values |= hosts
    words = "must not probe another host"
    return by_containers("hostProbesAndHostLifecycle", words, bad, values)


def _hosts(container: Mapping[str, Any]) -> list[Any]:
    askers = [container.get(f"{kind}Probe") for kind in ("liveness", "readiness", "startup")]
    askers += [at(container, "lifecycle", when) for when in ("postStart", "preStop")]
    return [at(asker, way, "host") for asker in askers for way in ("httpGet", "tcpSocket")]


def privileged(pod: Pod, minor: int) -> Violation | None:
    """No container is privileged."""
    bad = [each for each in pod.containers if each.context.get("privileged") is True]
    return by_containers("privileged", "must not be privileged", bad)


def proc_mount(pod: Pod, minor: int) -> Violation | None:
    """/proc stays masked; from 1.35 on, unless the pod has users of its own."""
    if minor >= 35 and pod.in_user_namespace:
        return None
    return any_proc_mount(pod, minor)


def any_proc_mount(pod: Pod, minor: int) -> Violation | None:
    """/proc stays masked."""
    mounts = [(each, each.context.get("procMount")) for each in pod.containers]
    bad = [each for each, mount in mounts if mount not in (None, "Default")]
    values = {str(mount) for each, mount in mounts if mount not in (None, "Default")}
    return by_containers("procMount", "must not unmask /proc", bad, values)


def se_linux(pod: Pod, minor: int) -> Violation | None:
    """No SELinux user or role, and only types of containers."""
    types = (*_SELINUX, "container_engine_t") if minor >= 31 else _SELINUX
    bad = [each for each in pod.containers if _bad_options(each.context, types)]
    values = {value for each in bad for value in _bad_options(each.context, types)}
    of_pod = _bad_options(pod.context, types)
    words = "must not set SELinux options other than those of containers"
    return by_pod("seLinuxOptions", words, bool(of_pod), bad, values | set(of_pod))


def _bad_options(context: Mapping[str, Any], types: tuple[str, ...]) -> list[str]:
    options = mapping(context.get("seLinuxOptions"))
    bad = [field for field in ("user", "role") if options.get(field)]
    kind = text(options.get("type"))
    return bad if kind in types else [*bad, kind]


def seccomp(pod: Pod, minor: int) -> Violation | None:
    """System calls are filtered as the runtime or a profile of the node says, where it is set."""
    if minor < 19:
        return _seccomp_annotations(pod)
    bad, values = _bad_types(pod, "seccompProfile")
    of_pod = pod.context.get("seccompProfile")
    pod_is_bad = of_pod is not None and mapping(of_pod).get("type") not in PROFILES
    values |= {text(mapping(of_pod).get("type"))} if pod_is_bad else set()
    words = "must not have a seccomp profile other than RuntimeDefault or Localhost"
    return by_pod("seccompProfile_baseline", words, pod_is_bad, bad, values)


def _seccomp_annotations(pod: Pod) -> Violation | None:
    keys = {_SECCOMP_POD, *(f"{_SECCOMP_CONTAINER}{each.name}" for each in pod.containers)}
    known = ("runtime/default", "docker/default")
    found = {key: pod.annotations[key] for key in keys if key in pod.annotations}
    bad = sorted(f"{k}={v}" for k, v in found.items() if not _is_profile(v, *known))
    if not bad:
        return None
    words = "must not ask for another seccomp profile"
    way = ("metadata", "annotations")
    return Violation("seccompProfile_baseline", words, ("pod",), tuple(bad), way)


def sysctls(pod: Pod, minor: int) -> Violation | None:
    """Only sysctls that stay inside the pod."""
    names = [text(at(each, "name")) for each in listing(pod.context.get("sysctls"))]
    bad = [name for name in names if minor < _SYSCTLS.get(name, minor + 1)]
    if not bad:
        return None
    way = ("spec", "securityContext", "sysctls")
    return Violation("sysctls", "must not set sysctls", ("pod",), tuple(bad), way)


def windows_host_process(pod: Pod, minor: int) -> Violation | None:
    """No process of the node itself, on Windows."""
    field = ("windowsOptions", "hostProcess")
    bad = [each for each in pod.containers if at(each.context, *field) is True]
    of_pod = at(pod.context, *field) is True
    return by_pod("windowsHostProcess", "must not run on the host", of_pod, bad, set())


def _bad_types(pod: Pod, field: str) -> tuple[list[Container], set[str]]:
    """Containers with a profile whose type is not allowed, and those types."""
    profiles = [(each, each.context.get(field)) for each in pod.containers]
    types = [
        (each, text(mapping(found).get("type"))) for each, found in profiles if found is not None
    ]
    bad = [(each, kind) for each, kind in types if kind not in PROFILES]
    return [each for each, _ in bad], {kind for _, kind in bad}


def _is_profile(value: object, *known: str) -> bool:
    return text(value) in known or text(value).startswith("localhost/")
