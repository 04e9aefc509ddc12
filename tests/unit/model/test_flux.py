"""Flux's objects, read from manifests."""

from typing import Any

import pytest

from gitops.model import finding, flux, manifest
from gitops.model.flux import (
    CommonMetadata,
    Dependency,
    GitRepository,
    HelmRelease,
    Image,
    Kustomization,
    KustomizationSpec,
    Patch,
    PostBuild,
    Selector,
    SubstituteReference,
)
from gitops.model.flux_sources import Reference
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin

ORIGIN = Origin(Location("apps.yaml", 0, 1))


def thing(api_version: str, kind: str, spec: Any) -> Manifest:
    metadata = {"name": "a", "namespace": "ns"}
    body = {"apiVersion": api_version, "kind": kind, "metadata": metadata}
    return manifest.manifest(body if spec is ... else {**body, "spec": spec}, ORIGIN)


def kustomization(spec: Any) -> Manifest:
    return thing("kustomize.toolkit.fluxcd.io/v1", "Kustomization", spec)


def test_a_kustomization_is_read_with_everything_that_shapes_its_objects() -> None:
    written = kustomization(
        {
            "path": "./apps",
            "sourceRef": {"kind": "GitRepository", "name": "repo"},
            "interval": "10m",
            "prune": True,
            "targetNamespace": "web",
            "namePrefix": "p-",
            "patches": [{"patch": "x", "target": {"kind": "Deployment", "labelSelector": "a=b"}}],
            "images": [{"name": "nginx", "newTag": "1"}],
            "components": ["../c"],
            "ignoreMissingComponents": True,
            "commonMetadata": {"labels": {"a": "b"}},
            "postBuild": {
                "substitute": {"A": "1"},
                "substituteFrom": [{"kind": "ConfigMap", "name": "s", "optional": True}],
                "substituteStrategy": "Always",
            },
            "dependsOn": [{"name": "b", "readyExpr": "true"}],
            "unknown": {"is": "ignored"},
        }
    )
    parsed, findings = flux.parse(written)
    assert findings == ()
    assert parsed == Kustomization(
        written.id,
        ORIGIN,
        KustomizationSpec(
            path="./apps",
            source_ref=Reference("GitRepository", "repo"),
            interval="10m",
            prune=True,
            target_namespace="web",
            name_prefix="p-",
            patches=(Patch("x", Selector(kind="Deployment", label_selector="a=b")),),
            images=(Image("nginx", new_tag="1"),),
            components=("../c",),
            ignore_missing_components=True,
            common_metadata=CommonMetadata({"a": "b"}),
            post_build=PostBuild(
                {"A": "1"}, (SubstituteReference("ConfigMap", "s", True),), "Always"
            ),
            depends_on=(Dependency("b", ready_expr="true"),),
        ),
    )


def test_a_helm_release_keeps_null_values_and_drops_null_fields() -> None:
    parsed, findings = flux.parse(
        thing(
            "helm.toolkit.fluxcd.io/v2",
            "HelmRelease",
            {
                "chartRef": {"kind": "OCIRepository", "name": "app"},
                "releaseName": None,
                "values": {"a": None, "b": {"c": None}},
                "install": {"crds": "Skip", "disableOpenAPIValidation": True, "skipCRDs": True},
            },
        )
    )
    assert findings == ()
    assert isinstance(parsed, HelmRelease)
    assert parsed.spec.values == {"a": None, "b": {"c": None}}
    assert parsed.spec.release_name == ""
    assert parsed.spec.install == flux.Install(
        crds="Skip", skip_crds=True, disable_openapi_validation=True
    )


def test_an_ignore_that_is_set_but_empty_differs_from_none() -> None:
    for ignore, expected in ((..., None), ("", ""), ("/*", "/*")):
        spec = {"url": "u"} if ignore is ... else {"url": "u", "ignore": ignore}
        parsed, _ = flux.parse(thing("source.toolkit.fluxcd.io/v1", "GitRepository", spec))
        assert isinstance(parsed, GitRepository)
        assert parsed.spec.ignore == expected


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
        ("helm.toolkit.fluxcd.io/v2", "HelmRelease"),
        ("source.toolkit.fluxcd.io/v1", "GitRepository"),
        ("source.toolkit.fluxcd.io/v1", "OCIRepository"),
        ("source.toolkit.fluxcd.io/v1", "HelmRepository"),
        ("source.toolkit.fluxcd.io/v1", "HelmChart"),
        ("source.toolkit.fluxcd.io/v1", "Bucket"),
        ("source.toolkit.fluxcd.io/v1", "ExternalArtifact"),
        ("fluxcd.controlplane.io/v1", "FluxInstance"),
    ],
)
def test_every_kind_is_read_from_an_empty_spec(api_version: str, kind: str) -> None:
    written = thing(api_version, kind, {})
    parsed, findings = flux.parse(written)
    assert flux.is_flux(written)
    assert (type(parsed).__name__, findings) == (kind, ())


def test_other_kinds_are_none_of_our_business() -> None:
    for api_version in ("v1", "kustomize.config.k8s.io/v1beta1"):
        other = thing(api_version, "Kustomization", {"path": 5})
        assert not flux.is_flux(other)
        assert flux.parse(other) == (None, ())


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"path": 5}, "Kustomization/ns/a: spec.path: expected str, got int"),
        (
            {"postBuild": {"substitute": {"A": 5}}},
            "Kustomization/ns/a: spec.postBuild.substitute[...]: expected str, got int",
        ),
        (
            {"patches": [{"target": {}}]},
            "Kustomization/ns/a: spec.patches[0]: object missing required field patch",
        ),
        (None, "Kustomization/ns/a: object missing required field spec"),
        (..., "Kustomization/ns/a: object missing required field spec"),
    ],
)
def test_a_field_of_a_wrong_type_is_a_finding(spec: Any, message: str) -> None:
    assert flux.parse(kustomization(spec)) == (
        None,
        (
            finding.error(
                "flux/invalid",
                ORIGIN.source,
                message,
                "the API server refuses this object; "
                "give the field the type its documentation names",
            ),
        ),
    )
