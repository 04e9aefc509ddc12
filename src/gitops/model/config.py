"""`gitops.toml`: what a repository tells this tool about itself. Every field has a default."""

import msgspec

from gitops.model.suppression import Suppression


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`kube_version` is the Kubernetes version charts are rendered for.

    `kube_version_assumed` tells that nobody named it.

    `flux_version` is used where no FluxInstance or gotk-components file of a cluster names one;
    without it, the newest that is known.
    `entries` maps cluster names to their entry folders. `sources` maps the addresses of other
    repositories to folders that hold a copy, relative to the repository's root. `outside` names
    objects that are created by hand, as `Kind/namespace/name`, or `Kind/name` without a namespace;
    `outside_told` that the repository says so, be it that there are none.
    `registries` are those that images may come from, each as `registry` or `registry/path`; with
    none, any. `ignore` holds the findings that are not reported.
    """

    kube_version: str = "1.33.5"
    kube_version_assumed: bool = True
    flux_version: str = ""
    entries: dict[str, str] = {}
    sources: dict[str, str] = {}
    outside: frozenset[str] = frozenset()
    outside_told: bool = False
    registries: tuple[str, ...] = ()
    ignore: tuple[Suppression, ...] = ()
