"""The kustomization that Flux builds at a path."""

from typing import Any

import pytest

from gitops.build.flux import generate, version
from gitops.build.flux.generate import Generated
from gitops.build.flux.version import Features
from gitops.errors import UnreadablePath
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree
from tests.unit.build.flux.declared import AT, kustomization

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
TYPE = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}


def run(
    files: dict[str, str], spec: dict[str, Any], features: Features | None = None
) -> tuple[Generated | None, tuple[Finding, ...]]:
    wanted = kustomization({"path": "./apps", **spec})
    return generate.generate(MemoryTree(files), wanted, features or version.features(""))


def body(files: dict[str, str], spec: dict[str, Any], features: Features | None = None) -> Any:
    generated, findings = run(files, spec, features)
    assert generated is not None
    assert findings == ()
    return generated.body


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("", ""),
        ("./", ""),
        ("/", ""),
        ("./apps/", "apps"),
        ("a/./b//c", "a/b/c"),
        ("a/../b", "b"),
        ("../../a", "a"),
    ],
)
def test_a_path_never_leaves_the_source(path: str, folder: str) -> None:
    assert generate.folder(path) == folder


def test_a_file_that_is_there_is_taken_as_it_is() -> None:
    files = {"apps/kustomization.yaml": "resources: [a.yaml]\nnamespace: web\n"}
    generated, findings = run(files, {})
    assert generated == Generated(
        {"resources": ["a.yaml"], "namespace": "web"},
        Location("apps/kustomization.yaml"),
        text=files["apps/kustomization.yaml"].encode(),
    )
    assert findings == ()


@pytest.mark.parametrize("text", ["", "namespace: a\n", "resources:\n", "buildMetadata: [x]\n"])
def test_a_file_without_resources_asks_for_origin_annotations(text: str) -> None:
    assert body({"apps/kustomization.yml": text}, {})["buildMetadata"] == ["originAnnotations"]


def test_without_a_file_every_manifest_below_is_a_resource() -> None:
    files = {
        "apps/z.yaml": OBJECT,
        "apps/a.yml": f"---\n{OBJECT}---\n# nothing\n---\n{OBJECT}",
        "apps/b/own/kustomization.yaml": "",
        "apps/b/own/not-an-object.yaml": "a: 1\n",
        "apps/b/deep/er/c.yaml": OBJECT,
        "apps/README.md": "",
        "apps/values.json": "{}",
        "apps/empty.yaml": "# only a comment\n",
        "apps/list.yaml": "apiVersion: v1\nkind: List\nitems: []\n",
        "apps/flow.yaml": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}',
    }
    assert body(files, {}) == {
        **TYPE,
        "resources": [
            "./a.yml",
            "./b/deep/er/c.yaml",
            "./b/own",
            "./empty.yaml",
            "./flow.yaml",
            "./list.yaml",
            "./z.yaml",
        ],
    }


def test_a_yaml_file_that_is_no_manifest_fails_where_no_file_lists_the_manifests() -> None:
    files = {"apps/a.yaml": OBJECT, "apps/values.yaml": f"{OBJECT}---\nreplicas: 3\n"}
    generated, findings = run(files, {})
    assert generated == Generated(
        {**TYPE, "resources": ["./a.yaml"]}, Location("apps/kustomization.yaml")
    )
    assert findings == (
        finding.error(
            "flux/not-a-manifest",
            Location("apps/values.yaml", 1, 6),
            "this is no Kubernetes object, and Flux takes every YAML file below 'apps' for one "
            "because no kustomization.yaml lists which are",
            "add a kustomization.yaml there, move the file elsewhere, or name it in .sourceignore",
        ),
    )


def test_a_folder_without_manifests_builds_nothing_and_is_told() -> None:
    generated, findings = run({"apps/README.md": ""}, {})
    assert generated is not None
    assert generated.body == {**TYPE, "namespace": "_placeholder"}
    assert [(found.rule, found.severity, found.at) for found in findings] == [
        ("flux/nothing-to-apply", "warning", AT)
    ]


def test_names_and_the_namespace_of_the_flux_object_win() -> None:
    files = {"apps/kustomization.yaml": "resources: [a]\nnamespace: b\nnamePrefix: c\n"}
    spec = {"targetNamespace": "n", "namePrefix": "p-", "nameSuffix": "-s"}
    assert body(files, spec) == {
        "resources": ["a"],
        "namespace": "n",
        "namePrefix": "p-",
        "nameSuffix": "-s",
    }


def test_patches_and_components_are_appended_and_their_start_is_told() -> None:
    files = {
        "apps/kustomization.yaml": "resources: [a]\npatches: [{path: p}]\ncomponents: [x]\n",
        "shared/c/kustomization.yaml": "",
    }
    target = {"kind": "Deployment", "annotationSelector": "a=b"}
    spec = {"patches": [{"patch": "q", "target": target}], "components": ["../shared/c"]}
    generated, findings = run(files, spec)
    assert generated is not None
    assert generated.body == {
        "resources": ["a"],
        "patches": [{"path": "p"}, {"patch": "q", "target": target}],
        "components": ["x", "../shared/c"],
    }
    assert (generated.added, findings) == ({"patches": 1, "components": 1}, ())


def test_a_missing_component_is_an_error_unless_it_may_be_missing() -> None:
    files = {"apps/kustomization.yaml": "resources: [a]\n"}
    _, findings = run(files, {"components": ["../none"]})
    assert [(found.rule, found.at) for found in findings] == [("flux/missing-component", AT)]
    lenient = {"components": ["../none", "../../../out"], "ignoreMissingComponents": True}
    assert body(files, lenient) == {"resources": ["a"]}
    _, findings = run(files, lenient, version.features("2.6.4"))
    assert [found.rule for found in findings] == ["flux/missing-component"] * 2


@pytest.mark.parametrize(
    "component", ["/abs", "file:///abs", "https://h/x", "git@h:x", "GitHub.com/a/b", "git::x"]
)
def test_a_component_must_be_a_relative_path(component: str) -> None:
    files = {"apps/kustomization.yaml": "resources: [a]\n"}
    _, findings = run(files, {"components": [component]})
    assert [(found.rule, found.at) for found in findings] == [("flux/component-not-local", AT)]


IMAGES = """
resources: [a]
images:
  - {name: one, newName: r/one, newTag: "1"}
  - {name: two, newTag: "2", digest: "sha256:0"}
"""


def test_images_are_merged_and_tag_and_digest_replace_each_other() -> None:
    spec = {
        "images": [
            {"name": "one", "newName": "mirror/one"},
            {"name": "two", "newTag": "3"},
            {"name": "three", "digest": "sha256:3"},
        ]
    }
    assert body({"apps/kustomization.yaml": IMAGES}, spec)["images"] == [
        {"name": "one", "newName": "mirror/one", "newTag": "1"},
        {"name": "two", "newTag": "3"},
        {"name": "three", "digest": "sha256:3"},
    ]


def test_before_2_9_3_an_image_replaced_the_whole_entry() -> None:
    spec = {"images": [{"name": "one", "newName": "mirror/one"}]}
    files = {"apps/kustomization.yaml": IMAGES}
    assert body(files, spec, version.features("2.9.2"))["images"][0] == {
        "name": "one",
        "newName": "mirror/one",
    }


def test_build_metadata_of_the_flux_object_wins_since_2_9() -> None:
    files = {"apps/kustomization.yaml": "resources: [a]\nbuildMetadata: [managedByLabel]\n"}
    spec = {"buildMetadata": ["originAnnotations"]}
    assert body(files, spec)["buildMetadata"] == ["originAnnotations"]
    assert body(files, spec, version.features("2.8.0"))["buildMetadata"] == ["managedByLabel"]


def test_field_names_in_other_cases_are_understood_and_unknown_ones_dropped() -> None:
    text = "Resources: [a]\nnameprefix: p\nresourcs: [b]\n"
    generated, findings = run({"apps/kustomization.yaml": text}, {})
    assert generated is not None
    assert generated.body == {"resources": ["a"], "namePrefix": "p"}
    assert findings == (
        finding.warning(
            "flux/ignored-field",
            Location("apps/kustomization.yaml", 0, 3),
            "Flux drops the field 'resourcs' without a word, because kustomize has no such field",
            "correct its name, or remove it",
        ),
    )


def test_only_the_first_document_of_the_file_counts() -> None:
    text = "resources: [a]\n---\nresources: [b]\n--- nonsense\n"
    assert body({"apps/kustomization.yaml": text}, {}) == {"resources": ["a"]}


def test_a_path_that_does_not_exist_is_reported_with_the_object_that_asks() -> None:
    for files, why in (({}, "does not exist"), ({"apps": OBJECT}, "is a file")):
        generated, findings = run(files, {})
        assert generated is None
        assert findings == (
            finding.error(
                "flux/missing-path",
                AT,
                f"Kustomization/flux-system/apps: its path './apps' {why} in the source",
                "correct spec.path, which is relative to the root of the source, "
                "or create the folder",
                Location("apps"),
            ),
        )


def test_two_kustomization_files_are_refused() -> None:
    files = {"apps/kustomization.yaml": "resources: [a]\n", "apps/Kustomization": ""}
    generated, findings = run(files, {})
    assert generated is None
    assert [found.rule for found in findings] == ["kustomize/several-kustomizations"]


@pytest.mark.parametrize(
    ("text", "rule"), [("a: [", "yaml/syntax"), ("- a\n", "kustomize/field-type")]
)
def test_a_file_that_cannot_be_read_stops_the_build(text: str, rule: str) -> None:
    generated, findings = run({"apps/kustomization.yaml": text}, {})
    assert generated is None
    assert [(found.rule, found.at.path) for found in findings] == [
        (rule, "apps/kustomization.yaml")
    ]


def test_a_field_of_a_wrong_type_is_left_to_kustomize() -> None:
    files = {"apps/kustomization.yaml": "resources: [a]\npatches: oops\nimages: oops\n"}
    spec = {"patches": [{"patch": "x"}], "images": [{"name": "a", "newTag": "1"}]}
    assert body(files, spec) == {
        "resources": ["a"],
        "patches": "oops",
        "images": "oops",
    }


class Devices(MemoryTree):
    """A tree whose YAML files are there but cannot be read."""

    def read(self, path: str) -> bytes:
        raise UnreadablePath(path, f"{path} is a device")


def test_what_cannot_be_read_is_reported_once() -> None:
    wanted = kustomization({"path": "apps"})
    file = Devices({"apps/kustomization.yaml": ""})
    generated, findings = generate.generate(file, wanted)
    assert generated is None
    assert [(found.rule, found.message) for found in findings] == [
        ("kustomize/unreadable", "apps/kustomization.yaml is a device")
    ]
    generated, findings = generate.generate(Devices({"apps/a.yaml": ""}), wanted)
    assert generated is not None
    assert (generated.body["resources"], findings) == (["./a.yaml"], ())
