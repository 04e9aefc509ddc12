"""The rules that look at one thing each."""

from collections.abc import Callable, Iterator

import msgspec

from gitops.check.delivery import health, namespaces, owners, sources, variables
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.estate.beforehand import Brought
from gitops.model.build import Locked, Outcome, Suspended, Unit
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from tests.unit.check import clusters
from tests.unit.check.clusters import kustomization, release

CONFIG = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: web}
"""
SECOND = CONFIG.replace("settings", "second")
NAMESPACE = """\
---
apiVersion: v1
kind: Namespace
metadata: {name: web}
"""
CRD = """\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: certificates.cert-manager.io}
"""


def told(rule: Callable[[Index], Iterator[Finding]], *units: Unit) -> list[str]:
    return clusters.told(*rule(Index(clusters.cluster(*units))))


def locked(text: str) -> Locked:
    """A release of which only its lock is here."""
    found = clusters.rendered("gitops.lock.d/web.yaml", text).manifests
    objects = (msgspec.structs.replace(each, incomplete="locked") for each in found)
    return Locked(tuple(objects), "gitops.lock.d/web.yaml")


# One owner


def test_an_object_of_two_units_names_both() -> None:
    (found,) = owners.duplicates(
        Index(clusters.cluster(kustomization("a", CONFIG), kustomization("b", CONFIG)))
    )
    assert clusters.told(found) == [
        "b.yaml:2 error object/duplicate: ConfigMap/web/settings is applied by "
        "Kustomization/flux-system/a and by Kustomization/flux-system/b"
    ]
    assert [str(at) for at in found.related] == ["a.yaml:2"]


def test_two_units_that_share_much_are_told_once() -> None:
    both = CONFIG + SECOND
    assert told(owners.duplicates, kustomization("a", both), kustomization("b", both)) == [
        "b.yaml:2 error object/duplicate: ConfigMap/web/settings and 1 more are applied by "
        "Kustomization/flux-system/a and by Kustomization/flux-system/b"
    ]


def test_the_version_of_a_kind_does_not_make_another_object() -> None:
    older = CONFIG.replace("v1", "v1beta1")
    assert len(told(owners.duplicates, kustomization("a", CONFIG), kustomization("b", older))) == 1


def test_flux_leaves_objects_to_others_when_told_so() -> None:
    shared = CONFIG.replace(
        "}", ", annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}}", 1
    )
    assert told(owners.duplicates, kustomization("a", CONFIG), kustomization("b", shared)) == []


def test_definitions_in_the_crds_folder_of_a_chart_give_way() -> None:
    beside = kustomization("crds", CRD)
    template = release("cert-manager", CRD)
    folder = Unit(
        template.id,
        template.origin,
        None,
        clusters.rendered("cert-manager@1.0.0/crds/all.yaml", CRD),
    )
    assert told(owners.duplicates, beside, folder) == []
    assert len(told(owners.duplicates, beside, template)) == 1


def test_definitions_that_only_a_lock_knows_give_way_unless_helm_marked_them() -> None:
    beside = kustomization("crds", CRD)
    marked = CRD.replace("metadata: {", "metadata: {labels: {app.kubernetes.io/managed-by: Helm}, ")
    assert told(owners.duplicates, beside, release("web", "", locked(CRD))) == []
    assert len(told(owners.duplicates, beside, release("web", "", locked(marked)))) == 1


def test_what_goes_to_another_cluster_has_no_rival_here() -> None:
    remote = READER.replace("spec: {", "spec: {kubeConfig: {secretRef: {name: spoke}}, ")
    units = kustomization("a", CONFIG + remote), kustomization("apps", CONFIG)
    assert told(owners.duplicates, *units) == []


def test_hooks_of_a_chart_are_not_owned() -> None:
    hook = CONFIG.replace("}", ", annotations: {helm.sh/hook: pre-install}}", 1)
    assert told(owners.duplicates, kustomization("a", CONFIG), release("web", hook)) == []


# Namespaces


def test_a_namespace_that_nothing_creates_is_told_once() -> None:
    assert told(namespaces.missing, kustomization("a", CONFIG + SECOND)) == [
        "a.yaml:2 error object/namespace-missing: "
        "nothing creates the namespace 'web' of ConfigMap/web/settings and 1 more"
    ]


def test_any_unit_may_create_the_namespace() -> None:
    assert told(namespaces.missing, kustomization("a", CONFIG), kustomization("b", NAMESPACE)) == []


def test_a_namespace_may_be_brought_before_flux() -> None:
    text = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: tools}\n"
    whole = clusters.cluster(clusters.kustomization("a", text))

    def missing(*names: str) -> list[str]:
        known = Knowledge(beforehand=lambda: Brought(namespaces=frozenset(names)))
        return [found.rule for found in namespaces.missing(Index(whole, known))]

    assert missing("tools") == []
    assert missing("tool") == ["object/namespace-missing"]


def test_kubernetes_brings_namespaces_of_its_own() -> None:
    given = CONFIG.replace("web", "kube-system") + CONFIG.replace("namespace: web", "x: y")
    assert told(namespaces.missing, kustomization("a", given)) == []


def test_a_release_may_create_the_namespace_it_is_sent_to() -> None:
    text = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: flux-system}
spec:
  targetNamespace: web
  install: {createNamespace: true}
"""
    assert told(namespaces.missing, kustomization("a", text), release("web", CONFIG)) == []


def test_a_suspended_unit_may_hold_the_namespace() -> None:
    units = kustomization("a", CONFIG), kustomization("b", outcome=Suspended())
    assert told(namespaces.missing, *units) == [
        "a.yaml:2 note object/namespace-missing: nothing creates the namespace 'web' of "
        "ConfigMap/web/settings, unless Kustomization/flux-system/b has it"
    ]


# Sources

WEB = """\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec: {chartRef: {kind: OCIRepository, name: web}}
"""
SOURCE = """\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: web, namespace: web}
spec: {url: oci://example.org/web}
"""
ROOT = """\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {sourceRef: {kind: GitRepository, name: flux-system}, path: apps}
"""


def test_a_source_that_exists_may_be_referred_to() -> None:
    assert told(sources.missing, kustomization("flux-system", WEB + SOURCE + ROOT)) == []


def test_a_source_that_does_not_exist_is_an_error() -> None:
    assert told(sources.missing, kustomization("a", WEB)) == [
        "a.yaml:2 error flux/source-missing: HelmRelease/web/web refers to "
        "OCIRepository/web/web, which does not exist in this cluster"
    ]


def test_a_source_in_another_namespace_is_told_in_the_hint() -> None:
    elsewhere = SOURCE.replace("namespace: web", "namespace: flux-system")
    (found,) = sources.missing(Index(clusters.cluster(kustomization("a", WEB + elsewhere))))
    assert found.hint == "there is one in namespace flux-system: name it in the reference"


def test_a_source_without_a_namespace_is_told_in_the_hint() -> None:
    nowhere = SOURCE.replace(", namespace: web", "")
    (found,) = sources.missing(Index(clusters.cluster(kustomization("a", WEB + nowhere))))
    assert found.hint == "there is one of this name without a namespace: give it one"


def test_the_source_that_a_root_is_synchronised_from_exists() -> None:
    user = ROOT.replace(
        "kind: GitRepository, name: flux-system", "kind: OCIRepository, name: fleet"
    )
    assert told(sources.missing, kustomization("fleet", user)) == []


def test_the_artifacts_of_a_generator_exist() -> None:
    generator = """\
---
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: parts, namespace: flux-system}
spec: {artifacts: [{name: apps}]}
"""
    user = ROOT.replace(
        "kind: GitRepository, name: flux-system", "kind: ExternalArtifact, name: apps"
    )
    assert told(sources.missing, kustomization("a", generator + user)) == []
    assert len(told(sources.missing, kustomization("a", user))) == 1


# Health


def test_expressions_without_a_check_do_nothing() -> None:
    inert = ROOT.replace("path: apps", "healthCheckExprs: [{apiVersion: a/v1, kind: B}]")
    assert told(health.inert, kustomization("a", inert)) == [
        "a.yaml:2 warning flux/healthcheck-inert: Kustomization/flux-system/apps has "
        "healthCheckExprs, but neither `wait: true` nor healthChecks: they are never evaluated"
    ]


def test_expressions_refine_a_check_that_is_asked_for() -> None:
    waits = ROOT.replace("path: apps", "wait: true, healthCheckExprs: [{apiVersion: a/v1}]")
    lists = ROOT.replace(
        "path: apps", "healthChecks: [{kind: B, name: b}], healthCheckExprs: [{apiVersion: a/v1}]"
    )
    assert told(health.inert, kustomization("a", waits), kustomization("b", lists)) == []


# Variables

SETTINGS = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: flux-system}
data: {DOMAIN: example.org, ZONE: a, AGE: "3"}
"""
READER = ROOT.replace(
    "path: apps", "postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}"
)


def reader(name: str, *used: str, outcome: Outcome | None = None) -> Unit:
    unit = kustomization(name, outcome=outcome)
    return msgspec.structs.replace(unit, used_variables=used)


def test_settings_that_no_reader_uses_are_told_together() -> None:
    other = READER.replace("name: apps", "name: more")
    units = kustomization("a", SETTINGS + READER + other), reader("apps"), reader("more", "ZONE")
    assert told(variables.unused, *units) == [
        "a.yaml:2 warning flux/unused-variable: ConfigMap/flux-system/settings sets AGE, DOMAIN, "
        "which no Kustomization of this cluster uses"
    ]


def test_settings_that_are_all_used_are_fine() -> None:
    units = kustomization("a", SETTINGS + READER), reader("apps", "AGE", "DOMAIN", "ZONE")
    assert told(variables.unused, *units) == []


def test_copies_of_settings_in_several_namespaces_are_used_by_all_of_their_readers() -> None:
    other = (SETTINGS + READER).replace("flux-system", "web")
    there = reader("apps", "DOMAIN")
    moved = ObjectId(there.id.group, there.id.version, there.id.kind, "web", "apps")
    units = (
        kustomization("a", SETTINGS + READER + other),
        reader("apps", "AGE", "ZONE"),
        msgspec.structs.replace(there, id=moved),
    )
    assert told(variables.unused, *units) == []


def test_what_cannot_be_seen_may_use_all_settings() -> None:
    hidden = kustomization("b", outcome=Suspended())
    units = kustomization("a", SETTINGS + READER), reader("apps"), hidden
    assert told(variables.unused, *units) == []


def test_a_config_map_that_nothing_is_substituted_from_is_none_of_this() -> None:
    assert told(variables.unused, kustomization("a", SETTINGS)) == []
