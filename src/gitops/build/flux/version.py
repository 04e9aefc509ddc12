"""What differs between the versions of Flux that people run.

Source: the CHANGELOGs of kustomize-controller, helm-controller and source-controller, and the
controller versions pinned by each flux2 release (2.7.0 to 2.9.4).
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from gitops.model.flux import HELM_GROUP, KUSTOMIZE_GROUP, SOURCE_GROUP

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?")
_NEWEST = (2, 9, 4)
_EXACT = re.compile(r"v?(\d+\.\d+\.\d+)")
_MINOR = re.compile(r"[~=]?\s*v?(\d+\.\d+)(?:\.[xX*])?|~\s*v?(\d+\.\d+)\.\d+")
"""Ranges that leave only the patch open."""
_CARRIED = (((0, 53, 0), "2.9"), ((0, 42, 0), "2.8"), ((0, 30, 0), "2.7"), ((0, 0, 0), "2.6"))
"""The newest Flux in the manifests of each release of flux-operator, from that release on: its
config/data/flux. Which one a release after `_LAST` has, nobody knows here."""
_LAST = (0, 58, 1)

_REMOVED = {
    f"{KUSTOMIZE_GROUP}/v1beta1": (2, 7, 0),
    f"{KUSTOMIZE_GROUP}/v1beta2": (2, 8, 0),
    f"{SOURCE_GROUP}/v1beta1": (2, 7, 0),
    f"{SOURCE_GROUP}/v1beta2": (2, 8, 0),
    f"{HELM_GROUP}/v2beta1": (2, 7, 0),
    f"{HELM_GROUP}/v2beta2": (2, 8, 0),
}


class Features(Struct, frozen=True):
    """What a version of Flux does.

    `strict_substitution`: a variable without value and default fails the Kustomization.
    `substitute_strategy`: `substituteStrategy: Always` is known.
    `build_metadata`: `spec.buildMetadata` is known.
    `ignore_missing_components`: `spec.ignoreMissingComponents` is known.
    `merge_images`: an entry of `spec.images` keeps the fields that it does not set.
    `literal_values`: `valuesFrom[].literal` is known.
    `post_render_hooks`: post-renderers see hooks unless told otherwise.
    `helm4`: charts are rendered with Helm 4.
    `removed_apis`: API versions of Flux's own kinds that it does not serve any more.
    `assumed`: nobody said which version it is.
    `variables_injected`: a webhook gives every Kustomization variables that it does not name.
    """

    strict_substitution: bool
    substitute_strategy: bool
    build_metadata: bool
    ignore_missing_components: bool
    merge_images: bool
    literal_values: bool
    post_render_hooks: bool
    helm4: bool
    removed_apis: frozenset[str]
    assumed: bool = False
    variables_injected: bool = False

    def works_as(self, other: "Features") -> bool:
        """Whether both do the same, however they are known."""
        return replace(self, assumed=False) == replace(other, assumed=False)


def features(flux_version: str) -> Features:
    """What the version does; an unreadable one counts as the newest known, and none at all is
    assumed to be that."""
    version = parsed(flux_version)
    since_2_9 = version >= (2, 9, 0)
    return Features(
        strict_substitution=since_2_9,
        substitute_strategy=since_2_9,
        build_metadata=since_2_9,
        ignore_missing_components=version >= (2, 7, 0),
        merge_images=version >= (2, 9, 3),
        literal_values=since_2_9,
        post_render_hooks=since_2_9,
        helm4=version >= (2, 8, 0),
        removed_apis=frozenset(api for api, since in _REMOVED.items() if version >= since),
        assumed=not flux_version,
    )


def parsed(flux_version: str) -> tuple[int, int, int]:
    """`v2.9.4` -> (2, 9, 4); a missing patch is the highest; unreadable is the newest known."""
    found = _VERSION.fullmatch(flux_version)
    if found is None:
        return _NEWEST
    major, minor, patch = found.groups()
    return int(major), int(minor), int(patch) if patch else 999


def of_distribution(version: str, artifact: str) -> str:
    """The version that a FluxInstance pins, or its first two numbers; "" where it takes the newest.

    Source: flux-operator: `distribution.version` is a range, of which the newest that the artifact
    has is taken; the artifact bears the version of the release of the operator that it belongs to.
    """
    if exact := _EXACT.fullmatch(version):
        return exact[1]
    if minor := _MINOR.fullmatch(version):
        return minor[1] or minor[2]
    tag = artifact.partition("@")[0].rpartition("/")[2].partition(":")[2]
    if not _EXACT.fullmatch(tag) or parsed(tag) > _LAST:
        return ""
    return next(flux for since, flux in _CARRIED if parsed(tag) >= since)
