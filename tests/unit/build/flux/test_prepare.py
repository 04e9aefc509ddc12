"""Labels and metadata that Flux adds to objects."""

from typing import Any

from gitops.build.flux import prepare, version
from gitops.model import finding, manifest
from gitops.model.finding import Finding
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin, Step
from gitops.sources.tree import MemoryTree
from tests.unit.build.flux.declared import AT, kustomization

SOURCE = Location("app.yaml", 0, 1)
READ = MemoryTree({}).read
OWNER = {prepare.NAME_LABEL: "apps", prepare.NAMESPACE_LABEL: "flux-system"}


def thing(**metadata: Any) -> Manifest:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", **metadata}}
    return manifest.manifest(body, Origin(SOURCE))


def prepared(each: Manifest, spec: dict[str, Any] | None = None) -> tuple[Any, tuple[Finding, ...]]:
    (after,), findings = prepare.prepare([each], kustomization(spec), READ)
    return after.body()["metadata"], findings


def test_every_object_is_labelled_with_its_owner() -> None:
    (after,), findings = prepare.prepare([thing(labels={"x": "y"})], kustomization(), READ)
    assert after.body()["metadata"] == {"name": "a", "labels": {"x": "y", **OWNER}}
    assert after.origin.steps == (Step("metadata", AT, "Kustomization/flux-system/apps"),)
    assert findings == ()


def test_common_metadata_wins_over_what_is_there_and_over_the_owner() -> None:
    common = {"labels": {"x": "new", prepare.NAME_LABEL: "other"}, "annotations": {"n": "1"}}
    metadata, _ = prepared(thing(labels={"x": "y"}), {"commonMetadata": common})
    assert metadata == {
        "name": "a",
        "labels": {"x": "new", **OWNER, prepare.NAME_LABEL: "other"},
        "annotations": {"n": "1"},
    }


def test_pod_templates_and_selectors_are_not_labelled() -> None:
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {}}},
    }
    spec = {"commonMetadata": {"labels": {"x": "y"}}}
    (after,), _ = prepare.prepare(
        [manifest.manifest(body, Origin(SOURCE))], kustomization(spec), READ
    )
    assert after.body()["spec"] == body["spec"]


def test_only_annotations_that_are_no_text_make_an_object_refused() -> None:
    assert prepare.is_refused(thing(annotations={"n": 5}))
    assert not prepare.is_refused(thing(annotations={"n": "5"}, labels={"n": 5}))


def test_a_label_that_is_no_text_loses_all_labels_of_the_object() -> None:
    metadata, findings = prepared(thing(labels={"x": "y", "n": 5}))
    assert metadata["labels"] == OWNER
    assert findings == (
        finding.error(
            "flux/metadata-not-text",
            SOURCE,
            "ConfigMap/a: the value of metadata.labels.n is a number, "
            "and Flux then drops all labels of the object",
            "quote the value; if a variable gives it, write ${quote}${NAME}${quote} "
            "and define the variable quote as a double quote: quote: '\"'",
        ),
    )


def test_an_annotation_that_is_no_text_is_refused_by_the_api_server() -> None:
    metadata, findings = prepared(thing(annotations={"x": True}))
    assert metadata["annotations"] == {"x": True}
    assert [found.message for found in findings] == [
        "ConfigMap/a: the value of metadata.annotations.x is a boolean, "
        "which the API server refuses"
    ]


def test_a_label_without_a_value_is_empty() -> None:
    assert prepared(thing(labels={"x": None})) == ({"name": "a", "labels": {"x": "", **OWNER}}, ())


def test_an_object_without_name_fails_the_kustomization() -> None:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}
    _, findings = prepare.prepare([manifest.manifest(body, Origin(SOURCE))], kustomization(), READ)
    assert [(found.rule, found.message) for found in findings] == [
        ("flux/incomplete-object", "ConfigMap has no metadata.name")
    ]


def test_kustomization_files_are_no_objects() -> None:
    body = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "metadata": {"name": "a"},
    }
    assert prepare.prepare([manifest.manifest(body, Origin(SOURCE))], kustomization(), READ) == (
        (),
        (),
    )


def test_marks_stay() -> None:
    marked = manifest.manifest(thing().body(), Origin(SOURCE), "placeholder", revealed=True)
    (after,), _ = prepare.prepare([marked], kustomization(), READ)
    assert (after.incomplete, after.revealed) == ("placeholder", True)


def test_a_removed_api_version_is_told_where_the_version_of_flux_is_known() -> None:
    body = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2beta2",
        "kind": "HelmRelease",
        "metadata": {"name": "a"},
    }
    old = manifest.manifest(body, Origin(SOURCE))
    for features, rules in (
        (None, []),
        (version.features("2.7.5"), []),
        (version.features("2.9.4"), ["flux/removed-api"]),
    ):
        _, findings = prepare.prepare([old], kustomization(), READ, features)
        assert [found.rule for found in findings] == rules
