"""Flux's sources: where the files and charts of a unit come from.

Field names and types follow the CRDs of source-controller 1.9.
"""

from msgspec import Struct


class Spec(Struct, frozen=True, rename="camel", omit_defaults=True):
    """What all parts of a spec share: camel case outside, defaults left out when written."""


class Reference(Spec, frozen=True):
    """A reference by kind and name; namespace "" is the referring object's own."""

    kind: str = ""
    name: str = ""
    namespace: str = ""
    api_version: str = ""


class SecretRef(Spec, frozen=True):
    """A Secret beside the referring object."""

    name: str = ""


class GitRef(Spec, frozen=True):
    """What a GitRepository checks out: commit, then name, semver, tag, branch."""

    branch: str = ""
    tag: str = ""
    semver: str = ""
    name: str = ""
    commit: str = ""


class GitInclude(Spec, frozen=True):
    """Another GitRepository laid into this one."""

    repository: SecretRef = SecretRef()
    from_path: str = ""
    to_path: str = ""


class GitRepositorySpec(Spec, frozen=True):
    """`spec` of a GitRepository v1. `ignore` None means that it is not set."""

    url: str = ""
    ref: GitRef = GitRef()
    ignore: str | None = None
    include: tuple[GitInclude, ...] = ()
    sparse_checkout: tuple[str, ...] = ()
    recurse_submodules: bool = False
    suspend: bool = False


class OCIRef(Spec, frozen=True):
    """What an OCIRepository pulls: digest, then semver with its filter, then tag, then latest."""

    tag: str = ""
    semver: str = ""
    semver_filter: str = ""
    digest: str = ""


class LayerSelector(Spec, frozen=True):
    """Which layer of an OCI artifact is taken, and whether it is unpacked (`extract`)."""

    media_type: str = ""
    operation: str = "extract"


class OCIRepositorySpec(Spec, frozen=True):
    """`spec` of an OCIRepository v1."""

    url: str = ""
    ref: OCIRef = OCIRef()
    layer_selector: LayerSelector | None = None
    ignore: str | None = None
    insecure: bool = False
    suspend: bool = False


class HelmRepositorySpec(Spec, frozen=True):
    """`spec` of a HelmRepository v1; `type` is `default` or `oci`."""

    url: str = ""
    type: str = "default"
    insecure: bool = False
    suspend: bool = False


class HelmChartSpec(Spec, frozen=True):
    """`spec` of a HelmChart v1."""

    chart: str = ""
    version: str = ""
    source_ref: Reference = Reference()
    reconcile_strategy: str = ""
    values_files: tuple[str, ...] = ()
    ignore_missing_values_files: bool = False
    suspend: bool = False


class BucketSpec(Spec, frozen=True):
    """`spec` of a Bucket v1."""

    bucket_name: str = ""
    endpoint: str = ""
    prefix: str = ""
    ignore: str | None = None
    suspend: bool = False


class ExternalArtifactSpec(Spec, frozen=True):
    """`spec` of an ExternalArtifact v1: who makes it."""

    source_ref: Reference = Reference()
