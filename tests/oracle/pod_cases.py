"""Pods drawn at random, dense in what the Pod Security Standards look at."""

import random
from collections.abc import Iterator
from typing import Any

TYPES = ["RuntimeDefault", "Localhost", "Unconfined", ""]
SYSCTLS = [
    *("kernel.shm_rmid_forced", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_fin_timeout"),
    *("net.ipv4.tcp_rmem", "kernel.msgmax", "net.ipv4.tcp_syncookies", ""),
]
CAPABILITIES = ["ALL", "NET_BIND_SERVICE", "CHOWN", "SYS_ADMIN", "NET_RAW", "SETPCAP"]
VOLUMES = [
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "projected", "secret"),
    *("persistentVolumeClaim", "hostPath", "nfs", "iscsi", "rbd", "cephfs", "flexVolume"),
    *("gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "glusterfs", "cinder", "flocker"),
    *("fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk"),
    *("portworxVolume", "scaleIO", "storageos"),
]
ANNOTATIONS = {
    "container.apparmor.security.beta.kubernetes.io/a": ["", "runtime/default", "localhost/x", "u"],
    "container.apparmor.security.beta.kubernetes.io/z": ["runtime/default", "unconfined"],
    "seccomp.security.alpha.kubernetes.io/pod": ["docker/default", "unconfined", "localhost/x"],
    "container.seccomp.security.alpha.kubernetes.io/a": ["runtime/default", "unconfined"],
    "container.seccomp.security.alpha.kubernetes.io/z": ["unconfined"],
}


class Pods:
    """Draws pods; the kinder half of them is close to what `restricted` allows."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def some(self, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            self.often = self.draw.choice([0.04, 0.3])
            yield {"metadata": self._metadata(), "spec": self._spec()}

    def _maybe(self) -> bool:
        return self.draw.random() < self.often

    def _metadata(self) -> dict[str, Any]:
        keys = [key for key in ANNOTATIONS if self._maybe()]
        return {"annotations": {key: self.draw.choice(ANNOTATIONS[key]) for key in keys}}

    def _spec(self) -> dict[str, Any]:
        draw = self.draw
        spec: dict[str, Any] = {
            "containers": [self._container(name) for name in "ab"[: draw.randint(1, 2)]],
            "volumes": [self._volume(place) for place in range(draw.randint(0, 3))],
        }
        if self._maybe():
            spec["initContainers"] = [self._container("i")]
        if self._maybe():
            spec["ephemeralContainers"] = [self._container("e")]
        for field in ("hostNetwork", "hostPID", "hostIPC", "hostUsers"):
            if self._maybe():
                spec[field] = draw.choice([True, False, None])
        if self._maybe():
            spec["os"] = {"name": draw.choice(["windows", "linux"])}
        if draw.random() < 0.7:
            spec["securityContext"] = self._context(of_pod=True)
        return spec

    def _volume(self, place: int) -> dict[str, Any]:
        kind = self.draw.choice(VOLUMES if self._maybe() else VOLUMES[:9])
        volume: dict[str, Any] = {"name": f"v{place}", kind: {}}
        if self._maybe():
            volume["hostPath"] = None
        return {"name": f"v{place}"} if self.draw.random() < 0.02 else volume

    def _container(self, name: str) -> dict[str, Any]:
        draw = self.draw
        container: dict[str, Any] = {"name": name}
        if draw.random() < 0.9:
            container["securityContext"] = self._context(of_pod=False)
        if self._maybe():
            container["ports"] = [{"hostPort": draw.choice([0, 80, 443]), "containerPort": 80}]
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            if self._maybe():
                container[probe] = self._handler()
        if self._maybe():
            container["lifecycle"] = {draw.choice(["postStart", "preStop"]): self._handler()}
        return container

    def _handler(self) -> dict[str, Any]:
        kind = self.draw.choice(["httpGet", "tcpSocket"])
        return {kind: {"port": 80, "host": self.draw.choice(["", "127.0.0.1", "example.org"])}}

    def _context(self, *, of_pod: bool) -> dict[str, Any]:
        draw = self.draw
        context: dict[str, Any] = {}
        if draw.random() < 0.8:
            context["runAsNonRoot"] = not self._maybe() or draw.choice([False, None])
        if draw.random() < 0.8:
            context["seccompProfile"] = {"type": draw.choice(TYPES if self._maybe() else TYPES[:2])}
        if self._maybe():
            context["appArmorProfile"] = {"type": draw.choice(TYPES)}
        if self._maybe():
            context["runAsUser"] = draw.choice([0, 1, 1000, None])
        if self._maybe():
            context["seLinuxOptions"] = self._selinux()
        if self._maybe():
            context["windowsOptions"] = {"hostProcess": draw.choice([True, False, None])}
        if of_pod and self._maybe():
            context["sysctls"] = [{"name": name, "value": "1"} for name in draw.sample(SYSCTLS, 2)]
        return context if of_pod else {**context, **self._of_container()}

    def _of_container(self) -> dict[str, Any]:
        draw = self.draw
        context: dict[str, Any] = {}
        if draw.random() < 0.9:
            context["allowPrivilegeEscalation"] = self._maybe()
        if self._maybe():
            context["privileged"] = draw.choice([True, False, None])
        if self._maybe():
            context["procMount"] = draw.choice(["Default", "Unmasked", "", None])
        if draw.random() < 0.9:
            drop = draw.sample(CAPABILITIES, 2) if self._maybe() else ["ALL"]
            add = draw.sample(CAPABILITIES, 2) if self._maybe() else None
            context["capabilities"] = {"drop": drop, "add": add}
        return context

    def _selinux(self) -> dict[str, Any]:
        kinds = ["container_t", "container_engine_t", "spc_t", ""]
        options = {"type": self.draw.choice(kinds), "level": "s0"}
        for field in ("user", "role"):
            if self._maybe():
                options[field] = self.draw.choice(["", "system_u"])
        return options
