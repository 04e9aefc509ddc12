"""What a build depends on besides the repository."""

import msgspec


class Options(msgspec.Struct, frozen=True):
    """`flux_version` "" leaves the choice to what each cluster installs, then `fallback_flux`.

    `outside` names ConfigMaps and Secrets that are created by hand, as `Kind/namespace/name`.
    """

    kube_version: str
    fallback_flux: str
    flux_version: str = ""
    outside: frozenset[str] = frozenset()
