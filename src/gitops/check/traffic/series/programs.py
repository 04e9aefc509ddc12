"""Programs whose series are known, and in which of their versions."""

import re

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
        if self.image not in images:
            return set()
        found = re.findall(rf"{self.image}:v?(\d+)\.(\d+)", images)
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
        "jetstack/cert-manager-controller",
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


def labels(program: Program, name: str) -> Labels | None:
    """The labels of a series, none where they are not known; None where it is none of the
    program."""
    head = f"{name}:"
    start = program.written.find(head)
    while start > 0 and not program.written[start - 1].isspace():
        start = program.written.find(head, start + 1)
    if start < 0:
        return None
    rest, more, _ = program.written[start + len(head) :].partition(":")
    return frozenset(rest.split()[:-1] if more else rest.split())


def names(program: Program) -> list[str]:
    """All series of a program."""
    return _NAME.findall(program.written)


_NAME = re.compile(r"(\w+):")
