"""Helm releases: known sources, exact versions, and a decision for every failure."""

import re

import pytest

from tests.repository import manifests

SOURCES = {
    "https://backube.github.io/helm-charts",
    "https://ceph.github.io/ceph-csi-operator",
    "https://charts.gitlab.io",
    "https://charts.jetstack.io",
    "https://cloudnative-pg.github.io/charts",
    "https://helm.cilium.io",
    "https://helm.goharbor.io",
    "https://kubernetes-sigs.github.io/external-dns",
    "https://kubernetes-sigs.github.io/metrics-server",
    "https://raw.githubusercontent.com/kubernetes-csi/csi-driver-nfs/master/charts",
    "oci://ghcr.io/1password/connect",
    "oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set",
    "oci://ghcr.io/actions/actions-runner-controller-charts/gha-runner-scale-set-controller",
    "oci://ghcr.io/argoproj/argo-helm/argo-cd",
    "oci://ghcr.io/cloudnative-pg/charts/cloudnative-pg",
    "oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator",
    "oci://ghcr.io/coredns/charts/coredns",
    "oci://ghcr.io/dragonflydb/dragonfly-operator/helm/dragonfly-operator",
    "oci://ghcr.io/external-secrets/charts/external-secrets",
    "oci://ghcr.io/fluent/helm-charts/fluent-operator",
    "oci://ghcr.io/grafana/helm-charts/grafana-operator",
    "oci://ghcr.io/piraeusdatastore/helm-charts/snapshot-controller",
    "oci://ghcr.io/prometheus-community/charts/kube-state-metrics",
    "oci://ghcr.io/prometheus-community/charts/prometheus-node-exporter",
    "oci://ghcr.io/prometheus-community/charts/prometheus-operator-crds",
    "oci://ghcr.io/rook/rook-ceph",
    "oci://ghcr.io/spegel-org/helm-charts/spegel",
    "oci://ghcr.io/stakater/charts/reloader",
    "oci://ghcr.io/victoriametrics/helm-charts/victoria-metrics-operator",
    "oci://ghcr.io/victoriametrics/helm-charts/victoria-metrics-operator-crds",
    "oci://quay.io/strimzi-helm/strimzi-kafka-operator",
}
"""Where charts may come from: the projects' own registries. A new one is a decision."""

KEPT = {
    "cert-manager": "v1.16.2",
    "cilium": "1.18.3",
    "external-secrets": "0.12.1",
    "strimzi-kafka-operator": "1.0.1",
    "victoria-metrics-operator": "0.55.3",
    "victoria-metrics-operator-crds": "0.6.0",
}
"""Pins that move only with the ADR that argues them."""

PAIRS = [
    ("actions-runner-controller", "platform"),
]
"""Releases whose charts are made for the same version of each other."""

EXACT = re.compile(r"v?\d+\.\d+\.\d+")

RELEASES = [item for item in manifests.objects() if item.kind == "HelmRelease"]
by_release = pytest.mark.parametrize("release", RELEASES, ids=lambda item: item.name)


def test_charts_come_from_known_sources() -> None:
    kinds = {"HelmRepository", "OCIRepository"}
    urls = {item.spec["url"] for item in manifests.objects() if item.kind in kinds}
    assert urls ^ SOURCES == set()


@by_release
def test_the_chart_is_pinned_exactly_by_a_source_in_the_unit(release: manifests.Object) -> None:
    assert EXACT.fullmatch(version(release))


@by_release
def test_a_kept_pin_is_kept(release: manifests.Object) -> None:
    assert version(release) == KEPT.get(release.name, version(release))


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_charts_that_belong_together_have_one_version(pair: tuple[str, ...]) -> None:
    found = {release.name: version(release) for release in RELEASES if release.name in pair}
    assert set(found) == set(pair)
    assert len(set(found.values())) == 1


@by_release
def test_what_happens_to_crds_and_after_a_failure_is_decided(release: manifests.Object) -> None:
    for action in ("install", "upgrade"):
        decided = release.spec[action]
        assert decided["crds"] in {"CreateReplace", "Skip"}
        retries = decided.get("remediation", {}).get("retries", 0) > 0
        assert retries or decided["strategy"]["name"] == "RetryOnFailure"


@by_release
def test_drift_is_corrected(release: manifests.Object) -> None:
    assert release.spec["driftDetection"]["mode"] == "enabled"


def test_oci_sources_take_the_layer_with_the_chart() -> None:
    layer = {
        "mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
        "operation": "copy",
    }
    sources = [item for item in manifests.objects() if item.kind == "OCIRepository"]
    assert [item.path for item in sources if item.spec["layerSelector"] != layer] == []


def version(release: manifests.Object) -> str:
    """The chart version that the release asks for."""
    folder = release.path.rpartition("/")[0]
    if chart := release.spec.get("chart"):
        wanted = chart["spec"]["sourceRef"]
        (_,) = _sources(folder, wanted)
        return str(chart["spec"]["version"])
    (source,) = _sources(folder, release.spec["chartRef"])
    return str(source.spec["ref"]["tag"])


def _sources(folder: str, wanted: dict[str, str]) -> list[manifests.Object]:
    return [
        item
        for item in manifests.objects()
        if item.path.startswith(f"{folder}/")
        and (item.kind, item.name) == (wanted["kind"], wanted["name"])
    ]
