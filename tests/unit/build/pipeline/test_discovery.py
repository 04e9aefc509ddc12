"""Where clusters are found, and how each one starts."""

from collections import Counter
from pathlib import Path

import pytest

from gitops.build.pipeline import discovery
from gitops.model.cluster import Entry, SourceRef, Sync
from gitops.model.finding import error
from gitops.model.origin import Location
from gitops.sources.disk import DiskTree
from gitops.sources.tree import MemoryTree
from tests import harness
from tests.unit.build.pipeline.compiling import Store, entries_of, found_in, sync_of

OBJECT = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"

INSTANCE = """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata:
  name: flux
  namespace: flux-system
spec:
  distribution:
    version: 2.8.3
    registry: ghcr.io/fluxcd
  sync:
    kind: OCIRepository
    url: oci://example.org/repository
    ref: latest
    path: ./kubernetes/flux/prod
  kustomize:
    patches:
      - patch: "- op: remove"
        target: {kind: Deployment}
"""

CHART = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: flux-instance
spec:
  values:
    instance:
      distribution: {version: 2.x}
      sync:
        name: home
        url: https://example.org/home.git
        path: kubernetes/flux/cluster
"""

VALUES = """\
instance:
  distribution: {version: 2.9.4}
  sync:
    kind: GitRepository
    name: home
    url: https://example.org/home.git
    path: kubernetes/prod/cluster/config
  kustomize:
    patches:
      - patch: "- op: remove"
        target: {kind: Kustomization}
"""

GOTK = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {url: "ssh://git@example.org/home", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: home, namespace: flux}
spec:
  path: ./deploy/prod
  sourceRef: {kind: GitRepository, name: home}
"""


def sync(files: str, path: str) -> Sync:
    return sync_of(harness.parse(files).tree, Entry("test", path))


@pytest.mark.parametrize("folder", ["kubernetes/clusters", "clusters"])
def test_every_folder_with_manifests_below_the_usual_ones_is_a_cluster(folder: str) -> None:
    files = f"""\
-- {folder}/prod/apps.yaml --
-- {folder}/lab/deep/er/apps.yml --
-- {folder}/empty/README.md --
-- {folder}/README.yaml --
"""
    entries = (Entry("lab", f"{folder}/lab"), Entry("prod", f"{folder}/prod"))
    assert found_in(files) == (entries, ())


def test_what_new_clusters_are_made_of_is_none() -> None:
    files = {"clusters/main/a.yaml": OBJECT, "clusters/template/a.yaml": OBJECT}
    assert entries_of(MemoryTree(files)) == ((Entry("main", "clusters/main"),), ())


def test_the_namespace_of_a_flux_instance_names_its_source() -> None:
    text = INSTANCE.replace("namespace: flux-system", "namespace: home-system")
    tree = MemoryTree({"flux.yaml": text, "kubernetes/flux/prod/a.yaml": OBJECT})
    found = sync_of(tree, Entry("prod", "kubernetes/flux/prod"))
    assert (found.name, found.namespace) == ("home-system", "home-system")
    assert found.source == SourceRef("OCIRepository", "home-system", "home-system")


def test_what_clusters_build_upon_is_none() -> None:
    files = """\
-- clusters/base/apps.yaml --
-- clusters/prod/kustomization.yaml --
resources: [../base, ../../infrastructure]
-- clusters/infrastructure/a.yaml --
"""
    assert [entry.name for entry in found_in(files)[0]] == ["infrastructure", "prod"]


def test_an_environment_may_hold_several_clusters() -> None:
    files = """\
-- clusters/prod/base/apps.yaml --
-- clusters/prod/00/kustomization.yaml --
resources: [../base]
-- clusters/prod/01/kustomization.yaml --
resources: [../base/]
-- clusters/lab/apps/kustomization.yaml --
resources: [a.yaml]
-- clusters/test/apps.yaml --
-- clusters/test/variant/kustomization.yaml --
resources: [../other]
"""
    assert found_in(files)[0] == (
        Entry("lab", "clusters/lab"),
        Entry("prod-00", "clusters/prod/00"),
        Entry("prod-01", "clusters/prod/01"),
        Entry("test", "clusters/test"),
    )


def test_folders_of_a_repository_for_kubernetes_alone_come_second() -> None:
    files = "-- clusters/other/a.yaml --\n-- kubernetes/clusters/prod/a.yaml --\n"
    assert found_in(files) == ((Entry("prod", "kubernetes/clusters/prod"),), ())


@pytest.mark.parametrize("text", ["prod=deploy/prod", "prod=./deploy//prod/"])
def test_an_entry_on_the_command_line_wins(text: str) -> None:
    tree = MemoryTree({"deploy/prod/a.yaml": "", "clusters/one/a.yaml": ""})
    found = entries_of(tree, [text], {"two": "clusters/one"})
    assert found == ((Entry("prod", "deploy/prod"),), ())


@pytest.mark.parametrize(
    ("text", "name"), [("deploy/prod", "prod"), (".", "cluster"), ("./", "cluster")]
)
def test_an_entry_without_a_name_has_that_of_its_folder(text: str, name: str) -> None:
    tree = MemoryTree({"deploy/prod/a.yaml": ""})
    (entry,), findings = entries_of(tree, [text], {})
    assert (entry.name, findings) == (name, ())


def test_configured_entries_win_over_folders() -> None:
    tree = MemoryTree({"deploy/prod/a.yaml": "", "clusters/one/a.yaml": ""})
    found = entries_of(tree, [], {"prod": "deploy/prod", "all": "."})
    assert found == ((Entry("all", ""), Entry("prod", "deploy/prod")), ())


def test_an_entry_that_does_not_exist_is_a_finding_and_others_stay() -> None:
    tree = MemoryTree({"deploy/prod/a.yaml": ""})
    found = entries_of(tree, ["prod=deploy/prod", "aps=deploy/aps"], {})
    missing = error(
        "cluster/missing-entry",
        Location("deploy/aps"),
        "cluster 'aps' has no entry folder 'deploy/aps'",
        "name an existing folder with --entry or in gitops.toml",
    )
    assert found == ((Entry("prod", "deploy/prod"),), (missing,))


@pytest.mark.parametrize("path", ["../up", "/etc", "a/../.."])
@pytest.mark.parametrize("configured", [True, False])
def test_an_entry_outside_of_the_repository_is_a_finding(path: str, configured: bool) -> None:
    tree = MemoryTree({"clusters/prod/a.yaml": ""})
    wanted, settings = ([], {"up": path}) if configured else ([f"up={path}"], {})
    entries, (finding,) = entries_of(tree, wanted, settings)
    assert entries == ()
    assert finding.rule == "cluster/missing-entry"
    assert path in finding.message


def test_two_entries_of_one_name_are_refused() -> None:
    tree = MemoryTree({"a/prod/a.yaml": "", "b/prod/b.yaml": ""})
    entries, (finding,) = entries_of(tree, ["a/prod", "b/prod"], {})
    assert entries == (Entry("prod", "a/prod"),)
    assert finding == error(
        "cluster/same-name",
        Location("b/prod"),
        "two clusters are called 'prod', a/prod and b/prod, and only the first one is compiled",
        "give one of them another name: --entry NAME=DIR",
        Location("a/prod"),
    )


def test_the_same_entry_twice_is_one_cluster() -> None:
    tree = MemoryTree({"a/prod/a.yaml": ""})
    assert entries_of(tree, ["a/prod", "a/prod/"], {}) == ((Entry("prod", "a/prod"),), ())


def test_without_the_usual_folders_a_flux_instance_tells_the_entry() -> None:
    files = f"-- bootstrap/flux.yaml --\n{INSTANCE}-- kubernetes/flux/prod/apps.yaml --\n"
    assert found_in(files) == ((Entry("prod", "kubernetes/flux/prod"),), ())


def test_the_values_of_the_flux_instance_chart_tell_the_entry() -> None:
    files = f"-- apps/flux/release.yaml --\n{CHART}-- kubernetes/flux/cluster/apps.yaml --\n"
    assert found_in(files) == ((Entry("cluster", "kubernetes/flux/cluster"),), ())


def test_a_file_of_values_for_the_flux_instance_chart_tells_the_entry() -> None:
    files = f"-- apps/flux/values.yaml --\n{VALUES}-- kubernetes/prod/cluster/config/a.yaml --\n"
    assert found_in(files) == ((Entry("prod", "kubernetes/prod/cluster/config"),), ())


def test_values_that_hold_an_instance_of_something_else_tell_nothing() -> None:
    entries, findings = found_in("-- values.yaml --\ninstance: {path: apps}\n-- apps/a.yaml --\n")
    assert (entries, [found.rule for found in findings]) == ((), ["cluster/none"])


def test_gotk_sync_tells_the_entry() -> None:
    files = f"-- deploy/prod/flux-system/gotk-sync.yaml --\n{GOTK}"
    assert found_in(files) == ((Entry("prod", "deploy/prod"),), ())


SYNC = """\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: home, namespace: flux-system}
spec: {url: "https://example.org/home.git"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: cluster, namespace: flux-system}
spec: {path: ./deploy/main, sourceRef: {kind: GitRepository, name: home}}
"""
USER = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./apps
  sourceRef:
    kind: GitRepository
    name: home
"""


def test_a_file_that_lets_flux_apply_its_own_folder_tells_the_entry() -> None:
    tree = MemoryTree({"deploy/main/config/start.yaml": SYNC, "deploy/main/a.yaml": USER})
    assert entries_of(tree) == ((Entry("main", "deploy/main"),), ())
    found = sync_of(tree, Entry("main", "deploy/main"))
    assert (found.name, found.source.name) == ("cluster", "home")


@pytest.mark.parametrize(
    "text",
    [
        SYNC.replace("./deploy/main", "./deploy/other"),
        SYNC.replace("kind: GitRepository, name: home", "kind: GitRepository, name: other"),
        SYNC.replace("kustomize.toolkit.fluxcd.io", "kustomize.config.k8s.io"),
    ],
)
def test_a_unit_that_does_not_bring_itself_tells_nothing(text: str) -> None:
    files = {"deploy/main/config/start.yaml": text, "deploy/other/a.yaml": USER}
    assert entries_of(MemoryTree(files))[0] == ()


def test_a_unit_of_another_repository_that_looks_like_it_tells_nothing() -> None:
    """Its path is one of that repository, whose source nobody else names."""
    user = USER.replace("name: home", "name: own")
    files = {"deploy/main/config/start.yaml": SYNC, "deploy/main/a.yaml": user}
    assert entries_of(MemoryTree(files))[0] == ()


def test_what_lies_below_an_entry_is_none() -> None:
    files = {
        "kubernetes/flux/config/start.yaml": SYNC.replace("./deploy/main", "./kubernetes/flux"),
        "kubernetes/flux/cluster/a.yaml": USER,
        "apps/instance.yaml": CHART,
    }
    assert entries_of(MemoryTree(files))[0] == (Entry("cluster", "kubernetes/flux"),)


@pytest.mark.parametrize("path", ["", "../../other", "nowhere"])
def test_a_sync_path_that_is_no_folder_here_tells_nothing(path: str) -> None:
    files = f"-- flux.yaml --\n{INSTANCE.replace('./kubernetes/flux/prod', path)}"
    entries, findings = found_in(files)
    assert (entries, [found.rule for found in findings]) == ((), ["cluster/none"])


def test_a_repository_without_clusters_is_a_finding() -> None:
    none = error(
        "cluster/none",
        Location(""),
        "no cluster found: no folder in kubernetes/clusters or clusters, "
        "no FluxInstance, no gotk-sync",
        "name the folder that Flux is pointed at with --entry DIR",
    )
    assert found_in(f"-- apps/a.yaml --\n{OBJECT}") == ((), (none,))


def test_flux_is_taken_to_be_pointed_at_the_entry() -> None:
    assert sync(f"-- deploy/a.yaml --\n{OBJECT}", "deploy") == Sync("deploy")


def test_a_flux_instance_in_the_entry_says_how_it_starts() -> None:
    files = f"-- kubernetes/flux/prod/flux.yaml --\n---\n{INSTANCE}"
    assert sync(files, "kubernetes/flux/prod") == Sync(
        path="kubernetes/flux/prod",
        source=SourceRef("OCIRepository", "flux-system", "flux-system"),
        url="oci://example.org/repository",
        at=Location("kubernetes/flux/prod/flux.yaml", 0, 2),
        patches=({"patch": "- op: remove", "target": {"kind": "Deployment"}},),
        flux_version="2.8.3",
    )


def test_a_flux_instance_elsewhere_says_how_the_entry_starts_that_it_names() -> None:
    files = f"-- apps/flux/values.yaml --\n{VALUES}-- kubernetes/prod/cluster/config/a.yaml --\n"
    assert sync(files, "kubernetes/prod/cluster/config") == Sync(
        path="kubernetes/prod/cluster/config",
        name="home",
        source=SourceRef("GitRepository", "flux-system", "home"),
        url="https://example.org/home.git",
        at=Location("apps/flux/values.yaml", 0, 1),
        patches=({"patch": "- op: remove", "target": {"kind": "Kustomization"}},),
        flux_version="2.9.4",
    )


def test_a_flux_instance_elsewhere_says_nothing_of_another_entry() -> None:
    files = f"-- apps/flux/values.yaml --\n{VALUES}-- deploy/a.yaml --\n{OBJECT}"
    assert sync(files, "deploy") == Sync("deploy")


def test_a_range_is_no_flux_version() -> None:
    files = f"-- kubernetes/flux/cluster/flux.yaml --\n{CHART}"
    assert sync(files, "kubernetes/flux/cluster") == Sync(
        path="kubernetes/flux/cluster",
        name="home",
        source=SourceRef("GitRepository", "flux-system", "home"),
        url="https://example.org/home.git",
        at=Location("kubernetes/flux/cluster/flux.yaml", 0, 1),
    )


def test_a_gotk_sync_in_the_entry_says_how_it_starts() -> None:
    files = f"""\
-- deploy/prod/flux-system/gotk-components.yaml --
metadata: {{labels: {{
  app.kubernetes.io/version: v2.7.5
}}}}
-- deploy/prod/flux-system/gotk-sync.yaml --
{GOTK}"""
    assert sync(files, "deploy/prod") == Sync(
        path="deploy/prod",
        name="home",
        namespace="flux",
        source=SourceRef("GitRepository", "flux", "home"),
        at=Location("deploy/prod/flux-system/gotk-sync.yaml", 1, 6),
        flux_version="2.7.5",
    )


@pytest.mark.parametrize(
    "text",
    [
        "kind: FluxInstance\n",
        "kind: FluxInstance\nspec: []\n",
        "kind: FluxInstance\nspec: {sync: {path: 5, kind: [], url: {}}, kustomize: 1}\n",
        "kind: FluxInstance\nspec: {kustomize: {patches: 5}, sync: {path: deploy}}\n",
        "kind: FluxInstance\nspec: {kustomize: {patches: [1, {}]}, sync: {path: ../..}}\n",
        "kind: HelmRelease\nspec: {values: {instance: {sync: }}}\n",
        "kind: FluxInstance\nspec: {sync: {path: [\n",
        "[kind: FluxInstance]\n",
    ],
)
def test_what_only_looks_like_a_sync_stops_nobody(text: str) -> None:
    tree = MemoryTree({"deploy/flux.yaml": text, "deploy/gotk-sync.yaml": text})
    assert sync_of(tree, Entry("test", "deploy")).path == "deploy"


@pytest.mark.parametrize("text", ["kind: Kustomization\n", "kind: Kustomization\nspec: 1\n"])
def test_a_gotk_sync_without_a_path_stops_nobody(text: str) -> None:
    tree = MemoryTree({"deploy/gotk-sync.yaml": text})
    assert sync_of(tree, Entry("test", "deploy")) == Sync("deploy")


def test_the_whole_repository_may_be_one_cluster() -> None:
    files = {"flux-system/gotk-sync.yaml": GOTK.replace("./deploy/prod", "./"), "a.yaml": OBJECT}
    assert entries_of(MemoryTree(files)) == ((Entry("cluster", ""),), ())


def test_a_sync_of_the_whole_repository_is_that_of_its_root() -> None:
    text = GOTK.replace("./deploy/prod", "./")
    assert sync(f"-- gotk-sync.yaml --\n{text}", "").name == "home"


def test_links_are_no_part_of_a_cluster(tmp_path: Path) -> None:
    folder = tmp_path / "clusters" / "prod"
    folder.mkdir(parents=True)
    folder.joinpath("flux.yaml").write_text(INSTANCE.replace("./kubernetes/flux", "clusters"))
    folder.joinpath("outside").symlink_to("/etc")
    folder.parent.joinpath("lab").symlink_to("prod")
    for name in ("round", "about", "again"):  # each leads to all of them: 3 ** 40 ways
        folder.joinpath(name).symlink_to(".")
    tree = DiskTree(str(tmp_path))
    entry = Entry("prod", "clusters/prod")
    assert entries_of(tree, [], {}) == ((entry,), ())
    assert sync_of(tree, entry).flux_version == "2.8.3"
    assert list(discovery._by_sync(tree, discovery.Syncs(Store(), "test"))) == [entry]


def test_a_file_that_cannot_be_read_is_left_to_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "clusters" / "prod"
    folder.mkdir(parents=True)
    with folder.joinpath("large.yaml").open("wb") as file:
        file.truncate(65 << 20)
    tree = DiskTree(str(tmp_path))
    entry = Entry("prod", "clusters/prod")
    assert entries_of(tree, [], {}) == ((entry,), ())
    assert sync_of(tree, entry) == Sync("clusters/prod")


class Counting(MemoryTree):
    """A tree that counts how often its files are read."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(files)
        self.reads: Counter[str] = Counter()

    def read(self, path: str) -> bytes:
        self.reads[path] += 1
        return super().read(path)


def test_what_lies_outside_is_read_once_for_all_clusters() -> None:
    tree = Counting(
        {
            **{f"clusters/{name}/a.yaml": OBJECT for name in "abc"},
            "apps/flux/instance.yaml": INSTANCE.replace("./kubernetes/flux/prod", "clusters/b"),
            "apps/web/web.yaml": OBJECT,
        }
    )
    syncs = discovery.Syncs(Store(), "test")
    starts = [discovery.sync(tree, Entry(n, f"clusters/{n}"), syncs) for n in "abc"]
    assert [start.source.kind for start in starts] == [
        "GitRepository",
        "OCIRepository",
        "GitRepository",
    ]
    assert starts[1].at.path == "apps/flux/instance.yaml"
    assert {tree.reads[path] for path in tree.reads if path.startswith("apps/")} == {1}


def test_another_tree_is_read_anew() -> None:
    syncs, entry = discovery.Syncs(Store(), "test"), Entry("b", "clusters/b")
    without = MemoryTree({"clusters/b/a.yaml": OBJECT})
    instance = INSTANCE.replace("./kubernetes/flux/prod", "clusters/b")
    having = MemoryTree({"clusters/b/a.yaml": OBJECT, "apps/instance.yaml": instance})
    found = [discovery.sync(tree, entry, syncs).at.path for tree in (without, having, without)]
    assert found == ["", "apps/instance.yaml", ""]


def test_what_a_file_declares_is_remembered() -> None:
    store = Store()
    first = discovery.Syncs(store, "test").declared(INSTANCE.encode(), "flux.yaml")
    assert [sync.flux_version for sync in first] == ["2.8.3"]
    assert discovery.Syncs(store, "test").declared(INSTANCE.encode(), "flux.yaml") == first
    assert store.hits == ["syncs"]
    for program, path in (("other", "flux.yaml"), ("test", "other.yaml")):
        discovery.Syncs(store, program).declared(INSTANCE.encode(), path)
    assert store.hits == ["syncs"]


def test_what_declares_nothing_is_not_remembered() -> None:
    store = Store()
    assert discovery.Syncs(store, "test").declared(OBJECT.encode(), "a.yaml") == ()
    assert store.entries == {}
