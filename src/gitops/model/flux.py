"""Flux's own objects, as far as their fields shape what reaches the cluster.

Field names and types follow the CRDs of Flux 2.9: kustomize-controller 1.9 (Kustomization v1),
helm-controller 1.6 (HelmRelease v2) and flux-operator 0.58 (FluxInstance v1). Fields that only
steer timing, credentials or reporting are not read.
"""

import re
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct, field

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.flux_sources import (
    BucketSpec,
    ExternalArtifactSpec,
    GitRepositorySpec,
    HelmChartSpec,
    HelmRepositorySpec,
    OCIRepositorySpec,
    Reference,
    SecretRef,
    Spec,
)
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest
from gitops.model.origin import Origin


class Selector(Spec, frozen=True):
    """Which objects a patch, a health check or an ignore rule is meant for."""

    group: str = ""
    version: str = ""
    kind: str = ""
    namespace: str = ""
    name: str = ""
    annotation_selector: str = ""
    label_selector: str = ""


class Patch(Spec, frozen=True):
    """A strategic-merge or JSON 6902 patch, as text."""

    patch: str
    target: Selector | None = None


class Image(Spec, frozen=True):
    """A new name, tag or digest for an image."""

    name: str
    new_name: str = ""
    new_tag: str = ""
    digest: str = ""


class CommonMetadata(Spec, frozen=True):
    """Labels and annotations for every object of a unit."""

    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)


class Dependency(Spec, frozen=True):
    """An entry of `dependsOn`; namespace "" is the referring object's own."""

    name: str = ""
    namespace: str = ""
    ready_expr: str = ""


class HealthCheckExpr(Spec, frozen=True):
    """CEL expressions that tell the health of a custom kind."""

    api_version: str = ""
    kind: str = ""
    current: str = ""
    in_progress: str = ""
    failed: str = ""


class SubstituteReference(Spec, frozen=True):
    """A ConfigMap or Secret whose keys are variables."""

    kind: str = ""
    name: str = ""
    optional: bool = False


class PostBuild(Spec, frozen=True):
    """Variable substitution; its presence alone makes Flux look at `substituteFrom`."""

    substitute: dict[str, str] = field(default_factory=dict)
    substitute_from: tuple[SubstituteReference, ...] = ()
    substitute_strategy: str = ""


class Decryption(Spec, frozen=True):
    """How Secrets in the repository are decrypted."""

    provider: str = ""
    secret_ref: SecretRef | None = None


class IgnoreRule(Spec, frozen=True):
    """JSON pointers that Flux leaves to others."""

    paths: tuple[str, ...] = ()
    target: Selector | None = None


class KustomizationSpec(Spec, frozen=True):
    """`spec` of a Kustomization v1."""

    source_ref: Reference = Reference()
    path: str = ""
    interval: str = ""
    retry_interval: str = ""
    timeout: str = ""
    prune: bool = False
    deletion_policy: str = ""
    suspend: bool = False
    force: bool = False
    wait: bool = False
    target_namespace: str = ""
    name_prefix: str = ""
    name_suffix: str = ""
    patches: tuple[Patch, ...] = ()
    images: tuple[Image, ...] = ()
    components: tuple[str, ...] = ()
    ignore_missing_components: bool = False
    build_metadata: tuple[str, ...] = ()
    common_metadata: CommonMetadata | None = None
    post_build: PostBuild | None = None
    decryption: Decryption | None = None
    depends_on: tuple[Dependency, ...] = ()
    health_checks: tuple[Reference, ...] = ()
    health_check_exprs: tuple[HealthCheckExpr, ...] = ()
    ignore: tuple[IgnoreRule, ...] = ()
    service_account_name: str = ""
    kube_config: dict[str, Any] | None = None


class ChartTemplateSpec(Spec, frozen=True):
    """`spec.chart.spec` of a HelmRelease."""

    chart: str = ""
    version: str = ""
    source_ref: Reference = Reference()
    reconcile_strategy: str = ""
    values_files: tuple[str, ...] = ()
    ignore_missing_values_files: bool = False


class ChartTemplate(Spec, frozen=True):
    """`spec.chart` of a HelmRelease: the HelmChart that Flux makes for it."""

    spec: ChartTemplateSpec = ChartTemplateSpec()


class ValuesReference(Spec, frozen=True):
    """A ConfigMap or Secret that holds values."""

    kind: str = ""
    name: str = ""
    values_key: str = ""
    target_path: str = ""
    optional: bool = False
    literal: bool = False


class Install(Spec, frozen=True):
    """`spec.install`."""

    crds: str = ""
    skip_crds: bool = field(default=False, name="skipCRDs")
    create_namespace: bool = False
    replace: bool = False
    disable_hooks: bool = False
    disable_openapi_validation: bool = field(default=False, name="disableOpenAPIValidation")
    disable_schema_validation: bool = False


class Upgrade(Spec, frozen=True):
    """`spec.upgrade`."""

    crds: str = ""
    force: bool = False
    preserve_values: bool = False
    disable_hooks: bool = False
    disable_openapi_validation: bool = field(default=False, name="disableOpenAPIValidation")
    disable_schema_validation: bool = False


class KustomizePostRenderer(Spec, frozen=True):
    """Patches and images for a chart's output."""

    patches: tuple[Patch, ...] = ()
    images: tuple[Image, ...] = ()


class PostRenderer(Spec, frozen=True):
    """One entry of `spec.postRenderers`."""

    kustomize: KustomizePostRenderer | None = None


class HelmReleaseSpec(Spec, frozen=True):
    """`spec` of a HelmRelease v2. `values` is shared: who needs to change it makes a copy."""

    chart: ChartTemplate | None = None
    chart_ref: Reference | None = None
    interval: str = ""
    timeout: str = ""
    suspend: bool = False
    release_name: str = ""
    target_namespace: str = ""
    storage_namespace: str = ""
    depends_on: tuple[Dependency, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    values_from: tuple[ValuesReference, ...] = ()
    install: Install = Install()
    upgrade: Upgrade = Upgrade()
    post_renderers: tuple[PostRenderer, ...] = ()
    post_render_strategy: str = ""
    common_metadata: CommonMetadata | None = None
    health_check_exprs: tuple[HealthCheckExpr, ...] = ()
    service_account_name: str = ""
    kube_config: dict[str, Any] | None = None


class Distribution(Spec, frozen=True):
    """Which Flux a FluxInstance installs; the version may be a range."""

    version: str = ""
    registry: str = ""
    artifact: str = ""


class InstanceSync(Spec, frozen=True):
    """The source and Kustomization that a FluxInstance creates."""

    kind: str = ""
    url: str = ""
    ref: str = ""
    path: str = ""
    name: str = ""
    interval: str = ""


class InstanceCluster(Spec, frozen=True):
    """What a FluxInstance is told about its cluster."""

    type: str = ""
    size: str = ""
    multitenant: bool = False
    network_policy: bool = False
    domain: str = ""


class InstanceKustomize(Spec, frozen=True):
    """Patches for Flux's own manifests."""

    patches: tuple[Patch, ...] = ()


class FluxInstanceSpec(Spec, frozen=True):
    """`spec` of a FluxInstance v1."""

    distribution: Distribution = Distribution()
    components: tuple[str, ...] = ()
    cluster: InstanceCluster = InstanceCluster()
    sync: InstanceSync | None = None
    kustomize: InstanceKustomize = InstanceKustomize()
    common_metadata: CommonMetadata | None = None


class _Object(Struct, frozen=True):
    """What every object has: its id, and where it comes from."""

    id: ObjectId
    origin: Origin


class Kustomization(_Object, frozen=True):
    """A Flux Kustomization."""

    spec: KustomizationSpec


class HelmRelease(_Object, frozen=True):
    """A HelmRelease."""

    spec: HelmReleaseSpec


class GitRepository(_Object, frozen=True):
    """A GitRepository."""

    spec: GitRepositorySpec


class OCIRepository(_Object, frozen=True):
    """An OCIRepository."""

    spec: OCIRepositorySpec


class HelmRepository(_Object, frozen=True):
    """A HelmRepository."""

    spec: HelmRepositorySpec


class HelmChart(_Object, frozen=True):
    """A HelmChart."""

    spec: HelmChartSpec


class Bucket(_Object, frozen=True):
    """A Bucket."""

    spec: BucketSpec


class ExternalArtifact(_Object, frozen=True):
    """An ExternalArtifact."""

    spec: ExternalArtifactSpec


class FluxInstance(_Object, frozen=True):
    """A FluxInstance."""

    spec: FluxInstanceSpec


FluxObject = (
    Kustomization
    | HelmRelease
    | GitRepository
    | OCIRepository
    | HelmRepository
    | HelmChart
    | Bucket
    | ExternalArtifact
    | FluxInstance
)

KUSTOMIZE_GROUP = "kustomize.toolkit.fluxcd.io"
HELM_GROUP = "helm.toolkit.fluxcd.io"
SOURCE_GROUP = "source.toolkit.fluxcd.io"
OPERATOR_GROUP = "fluxcd.controlplane.io"

_T = TypeVar("_T")


class _Envelope(Struct, Generic[_T]):
    spec: _T


_KINDS: Mapping[tuple[str, str], tuple[Any, Any]] = {
    (KUSTOMIZE_GROUP, "Kustomization"): (Kustomization, KustomizationSpec),
    (HELM_GROUP, "HelmRelease"): (HelmRelease, HelmReleaseSpec),
    (SOURCE_GROUP, "GitRepository"): (GitRepository, GitRepositorySpec),
    (SOURCE_GROUP, "OCIRepository"): (OCIRepository, OCIRepositorySpec),
    (SOURCE_GROUP, "HelmRepository"): (HelmRepository, HelmRepositorySpec),
    (SOURCE_GROUP, "HelmChart"): (HelmChart, HelmChartSpec),
    (SOURCE_GROUP, "Bucket"): (Bucket, BucketSpec),
    (SOURCE_GROUP, "ExternalArtifact"): (ExternalArtifact, ExternalArtifactSpec),
    (OPERATOR_GROUP, "FluxInstance"): (FluxInstance, FluxInstanceSpec),
}

_WHERE = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)


def is_flux(manifest: Manifest) -> bool:
    """Whether the manifest is of a kind that `parse` reads."""
    return (manifest.id.group, manifest.id.kind) in _KINDS


def parse(manifest: Manifest) -> tuple[FluxObject | None, tuple[Finding, ...]]:
    """The typed object of a manifest; None for other kinds, and for one with a field of a wrong
    type, which the API server would refuse."""
    known = _KINDS.get((manifest.id.group, manifest.id.kind))
    if known is None:
        return None, ()
    kind, spec = known
    try:
        return kind(manifest.id, manifest.origin, _read(manifest.raw, spec)), ()
    except msgspec.ValidationError as cause:
        return None, (_invalid(manifest, str(cause)),)


def _read(raw: bytes, spec: Any) -> Any:
    """A field that is null counts as not set, as the API server has it."""
    try:
        return msgspec.json.decode(raw, type=_Envelope[spec]).spec
    except msgspec.ValidationError:
        if b":null" not in raw:
            raise
        return msgspec.convert(_set_fields(msgspec.json.decode(raw)), _Envelope[spec]).spec


def _set_fields(value: Any) -> Any:
    """The value without null fields, but for `values`, where null has a meaning to Helm."""
    match value:
        case dict():
            return {
                key: field if key == "values" else _set_fields(field)
                for key, field in value.items()
                if field is not None
            }
        case list():
            return [_set_fields(item) for item in value]
        case _:
            return value


def _invalid(manifest: Manifest, reason: str) -> Finding:
    found = _WHERE.fullmatch(reason)
    what, where = found.groups() if found else (reason, "")
    what = what[:1].lower() + what[1:].replace("`", "")
    return finding.error(
        "flux/invalid",
        manifest.origin.source,
        f"{manifest.id}: {where + ': ' if where else ''}{what}",
        "the API server refuses this object; give the field the type its documentation names",
    )
