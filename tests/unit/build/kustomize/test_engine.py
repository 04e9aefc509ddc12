"""What the engine promises beyond the objects: origins, a root in memory, remote bases, order."""

from gitops.build import kustomize
from gitops.build.kustomize import KustomizationFile
from gitops.model.origin import Location, Origin, Step
from gitops.sources.tree import MemoryTree, SourceTree

BASE = {
    "base/kustomization.yaml": "resources: [all.yaml]\nnamePrefix: b-\n",
    "base/all.yaml": (
        "---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n"
        "---\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
        "spec: {template: {spec: {containers: [{name: web, image: 'web:1'}]}}}\n"
    ),
}


def names(result: kustomize.Result) -> list[str]:
    return [str(manifest.id) for manifest in result.manifests]


def test_an_origin_tells_the_document_and_everything_that_changed_it() -> None:
    files = {
        **BASE,
        "top/kustomization.yaml": (
            "resources: [../base]\ncomponents: [../part]\nnamespace: apps\n"
            "images: [{name: web, newTag: '2'}, {name: other, newTag: '3'}]\n"
            "patches: [{path: patch.yaml}]\n"
        ),
        "top/patch.yaml": "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
        "spec: {replicas: 2}\n",
        "part/kustomization.yaml": (
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            "commonLabels: {a: b}\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n"
        ),
    }
    top, base = Location("top/kustomization.yaml"), Location("base/kustomization.yaml")
    part = Location("part/kustomization.yaml")
    result = kustomize.build(MemoryTree(files), "top")
    assert result.findings == ()
    assert [manifest.origin for manifest in result.manifests] == [
        Origin(
            Location("base/all.yaml", 0, 2),
            (
                Step("resource", base, "all.yaml"),
                Step("transformer", base, "namePrefix"),
                Step("resource", top, "../base"),
                Step("transformer", part, "commonLabels"),
                Step("transformer", top, "namespace"),
            ),
        ),
        Origin(
            Location("base/all.yaml", 1, 6),
            (
                Step("resource", base, "all.yaml"),
                Step("transformer", base, "namePrefix"),
                Step("resource", top, "../base"),
                Step("transformer", part, "commonLabels"),
                Step("patch", Location("top/patch.yaml", 0, 2), "patches[0]"),
                Step("transformer", top, "namespace"),
                Step("transformer", top, "images[0]"),
            ),
        ),
        Origin(
            part,
            (
                Step("generator", part, "configMapGenerator[0]"),
                Step("transformer", part, "commonLabels"),
                Step("component", top, "components[0]"),
                Step("transformer", top, "namespace"),
                Step("generator", part, "hash of the content"),
            ),
        ),
    ]


def test_a_root_in_memory_stands_in_for_the_file_and_findings_name_its_place() -> None:
    root = KustomizationFile(
        {"resources": ["base", "gone.yaml"], "namespace": "apps"}, Location("cluster.yaml", 0, 7)
    )
    result = kustomize.build(MemoryTree(BASE), "", root=root)
    assert names(result) == ["ConfigMap/apps/b-one", "Deployment/apps/b-web"]
    assert [(each.rule, str(each.at)) for each in result.findings] == [
        ("kustomize/missing-file", "cluster.yaml:7")
    ]


def test_a_root_in_memory_is_not_changed() -> None:
    body = {
        "resources": ["base"],
        "configMapGenerator": [{"name": "cm", "env": "a.env", "options": None}],
    }
    tree = MemoryTree({**BASE, "a.env": "A=1\n"})
    kustomize.build(tree, "", root=KustomizationFile(body, Location("x")))
    assert body == {
        "resources": ["base"],
        "configMapGenerator": [{"name": "cm", "env": "a.env", "options": None}],
    }


def test_the_order_is_that_of_the_files_unless_the_old_order_is_asked_for() -> None:
    files = {
        "kustomization.yaml": "resources: [a.yaml]",
        "a.yaml": "{kind: Secret, apiVersion: v1, metadata: {name: s}}\n---\n"
        "{kind: Namespace, apiVersion: v1, metadata: {name: n}}\n",
    }
    tree = MemoryTree(files)
    assert names(kustomize.build(tree, "")) == ["Secret/s", "Namespace/n"]
    assert names(kustomize.build(tree, "", legacy_order=True)) == ["Namespace/n", "Secret/s"]


class Held:
    """A store with one remote base."""

    def __init__(self, url: str, tree: SourceTree, path: str) -> None:
        self.url, self.tree, self.path = url, tree, path

    def find(self, url: str) -> tuple[SourceTree, str] | None:
        return (self.tree, self.path) if url == self.url else None


def test_a_remote_base_comes_from_the_store() -> None:
    url = "https://github.com/org/repo//base?ref=v1"
    files = {"kustomization.yaml": f"resources: ['{url}']\nnameSuffix: -x\n"}
    store = Held(url, MemoryTree({**BASE, "kustomization.yaml": "{}"}), "base")
    result = kustomize.build(MemoryTree(files), "", remote=store)
    assert names(result) == ["ConfigMap/b-one-x", "Deployment/b-web-x"]
    source = result.manifests[0].origin.source
    assert source == Location("https://github.com/org/repo//base@ref=v1//base/all.yaml", 0, 2)
    assert result.findings == ()


def test_a_remote_file_comes_from_the_store() -> None:
    url = "https://example.com/all.yaml"
    files = {"kustomization.yaml": f"resources: ['{url}']\n"}
    store = Held(url, MemoryTree(BASE), "base/all.yaml")
    result = kustomize.build(MemoryTree(files), "", remote=store)
    assert names(result) == ["ConfigMap/one", "Deployment/web"]


def test_a_remote_base_cannot_reach_out_of_its_repository() -> None:
    url = "https://github.com/org/repo"
    store = Held(url, MemoryTree({"kustomization.yaml": "resources: [../base]"}), "")
    files = {**BASE, "kustomization.yaml": f"resources: ['{url}']"}
    result = kustomize.build(MemoryTree(files), "", remote=store)
    assert [each.rule for each in result.findings] == ["kustomize/escape"]


def test_what_is_not_held_of_a_remote_base_is_reported() -> None:
    url = "https://github.com/org/repo"
    store = Held(url, MemoryTree({}), "missing")
    files = {"kustomization.yaml": f"resources: ['{url}', 'https://github.com/org/other']"}
    result = kustomize.build(MemoryTree(files), "", remote=store)
    assert [(each.rule, each.message) for each in result.findings] == [
        (
            "kustomize/remote-base",
            "resources[0]: https://github.com/org/repo is held here without 'missing'",
        ),
        (
            "kustomize/remote-base",
            "resources[1]: https://github.com/org/other is elsewhere, "
            "and nothing is fetched while building",
        ),
    ]


def test_what_could_be_built_is_there_beside_the_errors() -> None:
    files = {**BASE, "kustomization.yaml": "resources: [base, gone.yaml]\nnameSuffix: -s\n"}
    result = kustomize.build(MemoryTree(files), "")
    assert result.failed
    assert names(result) == ["ConfigMap/b-one-s", "Deployment/b-web-s"]


def test_what_only_follows_from_a_missing_file_is_not_reported() -> None:
    patch = "{apiVersion: v1, kind: ConfigMap, metadata: {name: gone}}"
    files = {
        "kustomization.yaml": (
            f"resources: [gone.yaml]\npatches: [{{patch: '{patch}'}}]\n"
            "replicas: [{name: gone, count: 1}]\n"
        )
    }
    result = kustomize.build(MemoryTree(files), "")
    assert [each.rule for each in result.findings] == ["kustomize/missing-file"]


def test_a_warning_does_not_fail_a_build() -> None:
    patch = "- {op: add, path: /data, value: {a: b}}"
    files = {
        **BASE,
        "kustomization.yaml": "resources: [base]\npatches:\n"
        f"- target: {{kind: ConfigMap}}\n  patch: |\n    {patch}\n",
    }
    result = kustomize.build(MemoryTree(files), "")
    assert [each.rule for each in result.findings] == ["kustomize/wide-patch"]
    assert not result.failed


def test_a_kustomization_file_that_is_a_folder_is_none() -> None:
    result = kustomize.build(MemoryTree({"kustomization.yaml/x": ""}), "")
    assert [each.rule for each in result.findings] == ["kustomize/no-kustomization"]
