"""From what a chart gave to the objects that Flux applies."""

from typing import Any

import pytest

from gitops.build import kustomize
from gitops.build.helm import postrender
from gitops.build.helm.postrender import Released
from gitops.model import finding
from gitops.model.finding import Severity
from gitops.model.origin import Location, Origin, Step
from gitops.model.render import RenderProblem, RenderResult
from tests.unit.build.helm.declared import AT, CHART, body, release, rendered

ORIGIN = {
    "helm.toolkit.fluxcd.io/name": "web",
    "helm.toolkit.fluxcd.io/namespace": "apps",
}
OWNED = {"app.kubernetes.io/managed-by": "Helm"}
OWNER = {
    "meta.helm.sh/release-name": "web",
    "meta.helm.sh/release-namespace": "apps",
}


def finished(result: RenderResult, spec: dict[str, Any] | None = None) -> Released:
    return postrender.finish(release(spec), CHART, result, kustomize.build, {})


def bodies(result: RenderResult, spec: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    done = finished(result, spec)
    assert done.findings == ()
    return [each.body() for each in done.manifests]


def names(done: Released) -> list[str]:
    return [str(each.id) for each in done.manifests]


def test_an_object_is_labelled_by_flux_marked_by_helm_and_put_in_the_namespace() -> None:
    given = body("ConfigMap", "a", labels={"own": "x"}, annotations={"own": "y"})
    assert bodies(rendered(given)) == [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": "a",
                "labels": {"own": "x", **ORIGIN, **OWNED},
                "annotations": {"own": "y", **OWNER},
                "namespace": "apps",
            },
        }
    ]


def test_a_namespace_of_its_own_is_kept_and_cluster_wide_objects_get_none() -> None:
    result = rendered(
        body("ConfigMap", "a", namespace="else"),
        body("ClusterRole", "b", "rbac.authorization.k8s.io/v1"),
        body("Colour", "c", "example.org/v1"),
    )
    done = postrender.finish(
        release(), CHART, result, kustomize.build, {("example.org", "Colour"): False}
    )
    assert names(done) == ["ConfigMap/else/a", "ClusterRole/b", "Colour/c"]


def test_a_chart_tells_the_scope_of_what_it_defines_itself() -> None:
    crd = body("CustomResourceDefinition", "colours.example.org", "apiextensions.k8s.io/v1")
    crd["spec"] = {"group": "example.org", "names": {"kind": "Colour"}, "scope": "Cluster"}
    given = body("Colour", "red", "example.org/v1")
    assert names(finished(rendered(given, crds=(crd,)))) == [
        "CustomResourceDefinition/colours.example.org",
        "Colour/red",
    ]


def test_definitions_in_crds_get_the_labels_of_flux_alone() -> None:
    crd = body("CustomResourceDefinition", "x.example.org", "apiextensions.k8s.io/v1")
    spec = {"commonMetadata": {"labels": {"team": "a"}}}
    assert bodies(rendered(crds=(crd,)), spec) == [
        {**crd, "metadata": {"name": "x.example.org", "labels": ORIGIN}}
    ]


def test_other_objects_in_crds_are_left_out_and_told() -> None:
    done = finished(rendered(crds=(body("Namespace", "x"),)))
    message = (
        "HelmRelease/apps/web: Namespace/x lies in the chart's crds folder and is no "
        "CustomResourceDefinition: Flux leaves it out"
    )
    hint = "apply it by other means, or ask the chart's authors to move it to templates"
    place = Location("web@1.2.3/crds/0.yaml", 0, 1)
    expected = finding.warning("helm/ignored-crd-file", AT, message, hint, place)
    assert done == Released((), (expected,))


def test_common_metadata_comes_before_the_labels_of_flux() -> None:
    spec = {
        "commonMetadata": {
            "labels": {"team": "a", "helm.toolkit.fluxcd.io/name": "mine"},
            "annotations": {"note": "b"},
        }
    }
    (done,) = bodies(rendered(body("ConfigMap", "a", labels={"team": "own"})), spec)
    assert done["metadata"]["labels"] == {"team": "a", **ORIGIN, **OWNED}
    assert done["metadata"]["annotations"] == {"note": "b", **OWNER}


HOOK = body("Job", "before", "batch/v1", annotations={"helm.sh/hook": "pre-install,pre-upgrade"})


def test_hooks_are_labelled_but_not_marked_by_helm() -> None:
    spec = {"commonMetadata": {"labels": {"team": "a"}}}
    (done,) = bodies(rendered(HOOK), spec)
    assert done["metadata"] == {
        **HOOK["metadata"],
        "labels": {"team": "a", **ORIGIN},
        "namespace": "apps",
    }


@pytest.mark.parametrize(
    ("hook", "kept"),
    [
        ("post-install", True),
        ("test, pre-upgrade", True),
        ("test", False),
        ("pre-delete,post-delete", False),
        ("pre-rollback", False),
    ],
)
def test_only_hooks_of_installing_and_upgrading_are_objects_of_a_release(
    hook: str, kept: bool
) -> None:
    given = body("Job", "x", "batch/v1", annotations={"helm.sh/hook": hook})
    assert bool(finished(rendered(given)).manifests) is kept


def test_without_hooks_in_post_rendering_they_stay_as_they_are() -> None:
    spec = {"postRenderStrategy": "nohooks", "commonMetadata": {"labels": {"team": "a"}}}
    (done,) = bodies(rendered(HOOK), spec)
    assert done["metadata"] == {**HOOK["metadata"], "namespace": "apps"}


def test_older_versions_of_flux_leave_hooks_out_unless_told_otherwise() -> None:
    given = rendered(HOOK)
    old = postrender.finish(release(), CHART, given, kustomize.build, {}, "nohooks")
    assert old.manifests[0].body()["metadata"] == {**HOOK["metadata"], "namespace": "apps"}
    told = release({"postRenderStrategy": "combined"})
    new = postrender.finish(told, CHART, given, kustomize.build, {}, "nohooks")
    assert new.manifests[0].body()["metadata"]["labels"] == ORIGIN


def test_lists_are_taken_apart_and_sorted_in() -> None:
    listed = {
        "apiVersion": "v1",
        "kind": "List",
        "items": [body("Service", "s"), body("ConfigMap", "c")],
    }
    done = finished(rendered(listed, body("Deployment", "d", "apps/v1")))
    assert names(done) == ["ConfigMap/apps/c", "Service/apps/s", "Deployment/apps/d"]


def test_a_list_of_one_is_taken_apart_too() -> None:
    listed = {"apiVersion": "v1", "kind": "SecretList", "items": [body("Deployment", "d")]}
    done = finished(rendered(listed, body("Service", "s")))
    assert names(done) == ["Service/apps/s", "Deployment/apps/d"]


def test_empty_labels_and_annotations_go_away() -> None:
    given = body("ConfigMap", "a", labels=None, annotations={})
    result = rendered({**HOOK, "metadata": {**HOOK["metadata"], "labels": None}}, given)
    spec = {"postRenderStrategy": "separate"}
    first, second = bodies(result, spec)
    assert first["metadata"]["labels"] == {**ORIGIN, **OWNED}
    assert second["metadata"]["labels"] == ORIGIN


def test_the_same_object_twice_is_refused() -> None:
    done = finished(rendered(body("ConfigMap", "a"), body("ConfigMap", "a", namespace="default")))
    message = (
        "HelmRelease/apps/web: web@1.2.3/templates/1.yaml:1 gives ConfigMap/default/a once more: "
        "web@1.2.3/templates/0.yaml:1 gave it first"
    )
    hint = "drop one of them by values; postRenderStrategy: separate helps where one is a hook"
    places = (
        Location("web@1.2.3/templates/1.yaml", 0, 1),
        Location("web@1.2.3/templates/0.yaml", 0, 1),
    )
    expected = finding.error("helm/duplicate-object", AT, message, hint, *places)
    assert done == Released((), (expected,))


def test_a_hook_may_be_the_same_object_where_hooks_are_rendered_apart() -> None:
    hook = body("ServiceAccount", "a", annotations={"helm.sh/hook": "pre-install"})
    result = rendered(body("ServiceAccount", "a"), hook)
    assert [each.rule for each in finished(result).findings] == ["helm/duplicate-object"]
    done = finished(result, {"postRenderStrategy": "separate"})
    assert names(done) == ["ServiceAccount/apps/a", "ServiceAccount/apps/a"]


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({"apiVersion": "v1", "kind": "ConfigMap"}, "metadata.name"),
        (body("ConfigMap", "", generateName="a-"), "metadata.name"),
        ({"apiVersion": "v1", "metadata": {"name": "a"}}, "kind"),
    ],
)
def test_an_object_without_a_name_or_kind_is_refused(given: dict[str, Any], lacks: str) -> None:
    done = finished(rendered(given))
    place = Location("web@1.2.3/templates/0.yaml", 0, 1)
    message = f"HelmRelease/apps/web: {place} gives an object without {lacks}, which Flux refuses"
    hint = "correct the values that shape it, or the chart"
    expected = finding.error("helm/unnamed-object", AT, message, hint, place)
    assert done == Released((), (expected,))


def test_objects_come_from_their_template_and_the_release() -> None:
    (done,) = finished(rendered(body("ConfigMap", "a"))).manifests
    assert done.origin == Origin(
        Location("web@1.2.3/templates/0.yaml", 0, 1), (Step("helm", AT, "release web"),)
    )


PATCH = {
    "kustomize": {
        "patches": [
            {
                "target": {"kind": "ConfigMap"},
                "patch": '[{"op": "add", "path": "/data", "value": {"a": "1"}}]',
            },
            {"target": {"kind": "Secret"}, "patch": '[{"op": "remove", "path": "/data"}]'},
        ]
    }
}
IMAGE = {"kustomize": {"images": [{"name": "example.org/web", "newTag": "2"}]}}


def test_post_renderers_run_in_order_and_leave_a_trace() -> None:
    pod = body("Pod", "p")
    pod["spec"] = {"containers": [{"name": "web", "image": "example.org/web:1"}]}
    spec = {"postRenderers": [PATCH, IMAGE]}
    done = finished(rendered(body("ConfigMap", "a"), pod), spec)
    config, patched = done.manifests
    assert config.body()["data"] == {"a": "1"}
    assert patched.body()["spec"]["containers"] == [{"name": "web", "image": "example.org/web:2"}]
    assert config.origin == Origin(
        Location("web@1.2.3/templates/0.yaml", 0, 1),
        (
            Step("helm", AT, "release web"),
            Step("post-renderer", AT, "spec.postRenderers[0].kustomize.patches[0]"),
        ),
    )
    assert patched.origin.source == Location("web@1.2.3/templates/1.yaml", 0, 1)


def test_a_patch_that_selects_nothing_is_told_of_the_release() -> None:
    done = finished(rendered(body("ConfigMap", "a")), {"postRenderers": [PATCH]})
    dead = [found for found in done.findings if found.rule == "kustomize/dead-patch"]
    assert [(found.severity, found.at) for found in dead] == [(Severity.WARNING, AT)]
    assert dead[0].message.startswith(
        "HelmRelease/apps/web: spec.postRenderers[0].kustomize: patches[1] selects nothing"
    )


def test_a_patch_that_fails_leaves_nothing() -> None:
    wrong = {"patch": '[{"op": "remove", "path": "/data/none"}]', "target": {"kind": "ConfigMap"}}
    spec = {"postRenderers": [{"kustomize": {"patches": [wrong]}}]}
    done = finished(rendered(body("ConfigMap", "a")), spec)
    assert done.manifests == ()
    assert [found.at for found in done.findings if found.severity is Severity.ERROR] == [AT]


def test_a_patch_can_delete_an_object_and_turn_another_into_a_hook() -> None:
    patches = [
        {
            "patch": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n$patch: delete\n",
            "target": {"kind": "ConfigMap", "name": "a"},
        },
        {
            "patch": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n"
            "  annotations: {helm.sh/hook: test}\n",
            "target": {"kind": "ConfigMap", "name": "b"},
        },
    ]
    spec = {"postRenderers": [{"kustomize": {"patches": patches}}]}
    given = rendered(body("ConfigMap", "a"), body("ConfigMap", "b"), body("ConfigMap", "c"))
    assert names(finished(given, spec)) == ["ConfigMap/apps/c"]


def test_a_chart_that_does_not_render_is_reported_with_its_place() -> None:
    problem = RenderProblem("nil pointer", "templates/a.yaml", 7)
    done = finished(RenderResult(problem=problem))
    expected = finding.error(
        "helm/render",
        AT,
        "HelmRelease/apps/web: web@1.2.3 does not render: nil pointer",
        "correct the values, or take another version of the chart",
        Location("web@1.2.3/templates/a.yaml", 0, 7),
    )
    assert done == Released((), (expected,))
