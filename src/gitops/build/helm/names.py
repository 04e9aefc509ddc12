"""What a release is called and where it lives.

Source: helm-controller `api/v2/helmrelease_types.go` and `internal/release/name.go`.
"""

import hashlib

from gitops.model.chart import StoredChart
from gitops.model.flux import HelmRelease

_LONGEST = 53
_HASH = 12


def release_name(release: HelmRelease) -> str:
    """`releaseName`, or `targetNamespace-name`, or the object's name, as short as Helm needs it."""
    spec = release.spec
    prefix = f"{spec.target_namespace}-" if spec.target_namespace else ""
    return shorten(spec.release_name or prefix + release.id.name)


def shorten(name: str) -> str:
    """At most 53 characters: longer names end in the first of their own SHA-256 digits."""
    if len(name) <= _LONGEST:
        return name
    digits = hashlib.sha256(name.encode()).hexdigest()[:_HASH]
    return f"{name[: _LONGEST - _HASH - 1]}-{digits}"


def release_namespace(release: HelmRelease) -> str:
    """Where the objects go that name no namespace of their own."""
    return release.spec.target_namespace or release.id.namespace


def storage_namespace(release: HelmRelease) -> str:
    """Where Helm keeps its record of the release."""
    return release.spec.storage_namespace or release.id.namespace


def chart(stored: StoredChart) -> str:
    """`name@version`, the way places inside a chart begin."""
    return f"{stored.address.rpartition('/')[2]}@{stored.version}"
