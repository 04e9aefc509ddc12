"""Programs whose series are known, and in which of their versions."""

import re
from functools import cache

import msgspec

from gitops.check.traffic.series import kube, operators

Version = tuple[int, int]
Labels = frozenset[str]


class Program(msgspec.Struct, frozen=True):
    """What gives all series that begin with one of `prefixes`, but for those of `others`. It is
    seen by its image; the series are those of the versions from `first` to `last`. Where a prefix
    is `shared`, other programs have series with it, too."""

    name: str
    image: str
    prefixes: tuple[str, ...]
    first: Version
    last: Version
    written: str
    others: tuple[str, ...] = ()
    shared: bool = False

    def versions(self, images: str) -> set[Version]:
        """The versions of it that run, by all images in one text."""
        found = re.findall(rf"(?:^|/){self.image}:v?(\d+)\.(\d+)", images, re.M)
        return {(int(major), int(minor)) for major, minor in found}

    def gives(self, name: str) -> bool:
        """Whether a series of this name would be one of its own."""
        return name.startswith(self.prefixes) and not name.startswith(self.others or ("\0",))


PROGRAMS = (
    Program(
        "Argo CD",
        "argoproj/argocd",
        ("argocd_",),
        (3, 0),
        (3, 5),
        operators.ARGO_CD,
        ("argocd_image_updater_", "argocd_notifications_"),
    ),
    Program(
        "cert-manager",
        "(?:jetstack/)?cert-manager-controller",
        ("certmanager_",),
        (1, 12),
        (1, 21),
        operators.CERT_MANAGER,
    ),
    Program(
        "CloudNativePG",
        "cloudnative-pg/cloudnative-pg",
        ("cnpg_",),
        (1, 25),
        (1, 30),
        operators.CNPG,
    ),
    Program(
        "Dragonfly",
        "dragonflydb/dragonfly",
        ("dragonfly_",),
        (1, 38),
        (1, 40),
        operators.DRAGONFLY,
    ),
    Program(
        "External Secrets",
        "external-secrets/external-secrets",
        ("clustersecretstore_", "externalsecret_", "pushsecret_", "secretstore_"),
        (0, 9),
        (2, 9),
        operators.EXTERNAL_SECRETS,
    ),
    Program(
        "kube-state-metrics",
        "kube-state-metrics/kube-state-metrics",
        (
            "kube_cronjob_",
            "kube_daemonset_",
            "kube_deployment_",
            "kube_horizontalpodautoscaler_",
            "kube_job_",
            "kube_namespace_",
            "kube_node_",
            "kube_persistentvolume",
            "kube_pod_",
            "kube_resourcequota",
            "kube_statefulset_",
        ),
        (2, 13),
        (2, 20),
        kube.SERIES,
        ("kube_pod_resource_", "kube_pod_windows_"),
        shared=True,
    ),
    Program(
        "VolSync",
        "backube/volsync",
        ("volsync_",),
        (0, 8),
        (0, 16),
        operators.VOLSYNC,
    ),
)


@cache
def series(program: Program) -> dict[str, Labels]:
    """The series of a program with their labels; without any where these are not known."""
    found: dict[str, Labels] = {}
    for entry in _ENTRY.findall(program.written):
        name, _, labels = entry.partition(":")
        found[name] = frozenset(labels.split())
    return found


_ENTRY = re.compile(r"\w+:(?:\s+\w+(?![\w:]))*")
