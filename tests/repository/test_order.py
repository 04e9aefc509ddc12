"""The order in which a cold cluster comes up, and how each step tells that it is done."""

import re
from itertools import pairwise

import pytest

from tests.repository import manifests

by_cluster = pytest.mark.parametrize("cluster", manifests.clusters())

PROVIDERS = {
    "argoproj.io": "delivery-argocd",
    "barmancloud.cnpg.io": "databases-barman-cloud",
    "ceph.rook.io": "storage-rook-ceph",
    "cert-manager.io": "security-cert-manager",
    "cilium.io": "networking-cilium",
    "dragonflydb.io": "databases-dragonfly-operator",
    "external-secrets.io": "security-external-secrets",
    "externaldns.k8s.io": "networking-external-dns",
    "fluxcd.controlplane.io": "gitops-flux-operator",
    "fluentbit.fluent.io": "observability-fluent-operator",
    "gateway.networking.k8s.io": "networking-cilium",
    "grafana.integreatly.org": "observability-grafana-operator",
    "k8s.keycloak.org": "identity-keycloak-operator",
    "kafka.strimzi.io": "messaging-strimzi-operator",
    "monitoring.coreos.com": "observability-prometheus-operator-crds",
    "notification.toolkit.fluxcd.io": "gitops-flux-instance",
    "objectbucket.io": "storage-rook-ceph",
    "operator.victoriametrics.com": "observability-victoria-metrics-operator",
    "postgresql.cnpg.io": "databases-cloudnative-pg",
    "snapshot.storage.k8s.io": "storage-snapshot-controller",
    "volsync.backube": "storage-volsync",
}
"""Which Kustomization installs the controller of a group of custom resources."""

MADE = {"Dragonfly": "", "Pooler": "", "VMAuth": "vmauth-"}
"""What operators put before the name of an object when they name its Service."""

PRESENT = {"", "apps", "batch", "networking.k8s.io", "policy", "talos.dev"}
PRESENT |= {f"{name}.k8s.io" for name in ("admissionregistration", "rbac.authorization", "storage")}
PRESENT |= {f"{name}.toolkit.fluxcd.io" for name in ("helm", "kustomize", "source")}
"""Groups that a cluster serves before Flux applies anything."""


@by_cluster
def test_dependencies_exist(cluster: str) -> None:
    steps = manifests.steps(cluster)
    dangling = {
        name: missing
        for name, step in steps.items()
        if (missing := [wanted for wanted in manifests.dependencies(step) if wanted not in steps])
    }
    assert dangling == {}


@by_cluster
def test_nothing_waits_for_itself(cluster: str) -> None:
    circular = [
        name
        for name, step in manifests.steps(cluster).items()
        if any(name in manifests.behind(cluster, wanted) for wanted in manifests.dependencies(step))
    ]
    assert circular == []


@by_cluster
def test_the_file_lists_a_step_after_everything_it_waits_for(cluster: str) -> None:
    steps = manifests.steps(cluster)
    order = list(steps)
    early = {
        name: wanted
        for name, step in steps.items()
        for wanted in manifests.dependencies(step)
        if steps[wanted].path == step.path and order.index(wanted) > order.index(name)
    }
    assert early == {}


def test_every_group_of_custom_resources_has_a_known_provider() -> None:
    groups = {item.group for item in manifests.objects()}
    assert groups - PRESENT - set(PROVIDERS) == set()


@by_cluster
def test_custom_resources_come_after_their_controller(cluster: str) -> None:
    early = {
        f"{name}: {item.path}"
        for name, step in manifests.steps(cluster).items()
        for item in manifests.objects_of(manifests.unit(step))
        if item.group in PROVIDERS
        and PROVIDERS[item.group] not in manifests.behind(cluster, name) - {name}
    }
    assert early == set()


@by_cluster
def test_monitors_that_charts_make_come_after_their_kind(cluster: str) -> None:
    provider = PROVIDERS["monitoring.coreos.com"]
    early = [
        name
        for name, step in manifests.steps(cluster).items()
        for path in manifests.contents(manifests.unit(step))
        if re.search(r"(?i)servicemonitor:", (manifests.ROOT / path).read_text("utf-8"))
        and provider not in manifests.behind(cluster, name)
    ]
    assert early == []


@by_cluster
def test_a_step_says_how_long_it_waits_when_it_tries_again_and_what_it_prunes(
    cluster: str,
) -> None:
    fields = {"interval", "retryInterval", "timeout", "prune"}
    missing = {
        name: fields - set(step.spec)
        for name, step in manifests.steps(cluster).items()
        if not fields <= set(step.spec)
    }
    assert missing == {}


@by_cluster
def test_a_step_is_done_when_what_it_applied_is_healthy(cluster: str) -> None:
    """`wait` covers everything and would make a list meaningless; without either, nothing waits."""
    wrong = [
        name
        for name, step in manifests.steps(cluster).items()
        if bool(step.spec.get("wait")) == bool(step.spec.get("healthChecks"))
    ]
    assert wrong == []


@by_cluster
def test_a_step_waits_longer_than_its_releases_do(cluster: str) -> None:
    wrong = [
        f"{name}: {item.path}"
        for name, step in manifests.steps(cluster).items()
        for item in manifests.objects_of(manifests.unit(step))
        if item.kind == "HelmRelease" and minutes(item) >= minutes(step)
    ]
    assert wrong == []


def test_clusters_differ_in_what_they_run_and_not_in_how() -> None:
    """A unit that two clusters share is applied by equal Kustomizations, patches apart."""
    shared = [manifests.steps(cluster) for cluster in manifests.clusters()]
    different = {
        name
        for one, other in pairwise(shared)
        for name in one.keys() & other.keys()
        if one[name].spec != other[name].spec and "patches" not in one[name].spec
    }
    assert different == set()


def test_a_service_without_pods_leads_to_one_of_the_same_name_in_another_cluster() -> None:
    """The annotation does nothing alone. Operators name a Service like the object it is made of."""
    given = {
        (manifests.namespace(manifests.unit(step)), name)
        for cluster in manifests.clusters()
        for step in manifests.steps(cluster).values()
        for name in global_names(step, cluster)
    }
    asked = {
        (manifests.namespace(manifests.unit(step)), item.name)
        for cluster in manifests.clusters()
        for step in manifests.steps(cluster).values()
        for item in manifests.objects_of(manifests.unit(step))
        if item.kind == "Service" and "selector" not in item.spec
    }
    assert asked == given


def global_names(step: manifests.Object, cluster: str) -> list[str]:
    """The names of the Services that operators make of a unit's objects for another cluster."""
    found = []
    for path in sorted(manifests.contents(manifests.unit(step))):
        for document in manifests.documents(path):
            item = manifests.filled(document, cluster, step)
            spec = item.body.get("spec", {})
            if item.kind == "Cluster":
                services = spec["managed"]["services"]["additional"]
                found += [made["serviceTemplate"]["metadata"]["name"] for made in services]
            elif item.kind in MADE and "service.cilium.io/global" in str(spec):
                found.append(f"{MADE[item.kind]}{item.name}")
    return found


def minutes(item: manifests.Object) -> int:
    """The timeout, which is written in minutes everywhere."""
    timeout = item.spec["timeout"]
    assert re.fullmatch(r"\d+m", timeout), f"{item.path}: {timeout}"
    return int(timeout[:-1])
