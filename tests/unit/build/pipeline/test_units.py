"""A cluster is what each unit renders, not what lies on disk."""

from gitops.model.build import Broken
from tests.unit.build.pipeline.compiling import (
    Outside,
    compiled,
    objects,
    outcomes,
    rules,
    told,
    unit,
)


def kustomization(name: str, path: str = "", more: str = "") -> str:
    return f"""\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: {name}
  namespace: flux-system
spec:
  path: ./{path or name}
  prune: true
  interval: 1h
  sourceRef:
    kind: GitRepository
    name: flux-system
{more}"""


def config_map(name: str, data: str = "a: b") -> str:
    return f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n" + (
        f"  namespace: flux-system\ndata:\n  {data}\n"
    )


ROOT = "Kustomization/flux-system/flux-system"


def test_children_are_followed_to_any_depth() -> None:
    fleet = compiled(
        {
            "clusters/test/a.yaml": kustomization("a"),
            "a/b.yaml": kustomization("b"),
            "b/c.yaml": kustomization("c"),
            "c/map.yaml": config_map("deep"),
        }
    )
    assert outcomes(fleet) == {
        ROOT: "Rendered",
        "Kustomization/flux-system/a": "Rendered",
        "Kustomization/flux-system/b": "Rendered",
        "Kustomization/flux-system/c": "Rendered",
    }
    assert objects(fleet, "c") == ["ConfigMap/flux-system/deep"]
    assert unit(fleet, "c").parent == unit(fleet, "b").id
    assert unit(fleet, "flux-system").parent is None
    assert told(fleet) == []


def test_what_lies_on_disk_and_is_rendered_by_nobody_is_no_unit() -> None:
    fleet = compiled(
        {
            "clusters/test/kustomization.yaml": "resources: [a.yaml]",
            "clusters/test/a.yaml": kustomization("a"),
            "clusters/test/b.yaml": kustomization("b"),
            "a/map.yaml": config_map("a"),
            "b/map.yaml": config_map("b"),
        }
    )
    assert list(outcomes(fleet)) == [ROOT, "Kustomization/flux-system/a"]


def test_a_patch_of_the_parent_changes_where_a_child_looks() -> None:
    patch = """\
  patches:
    - target: {kind: Kustomization, name: a}
      patch: |
        - {op: replace, path: /spec/path, value: ./elsewhere}
"""
    fleet = compiled(
        {
            "clusters/test/all.yaml": kustomization("all", more=patch),
            "all/a.yaml": kustomization("a"),
            "a/map.yaml": config_map("wrong"),
            "elsewhere/map.yaml": config_map("right"),
        }
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/right"]


def test_a_patch_of_the_parent_suspends_a_child() -> None:
    patch = """\
  patches:
    - target: {kind: Kustomization}
      patch: |
        - {op: add, path: /spec/suspend, value: true}
"""
    fleet = compiled(
        {
            "clusters/test/all.yaml": kustomization("all", more=patch),
            "all/a.yaml": kustomization("a"),
            "a/b.yaml": kustomization("b"),
        }
    )
    assert outcomes(fleet) == {
        ROOT: "Rendered",
        "Kustomization/flux-system/all": "Rendered",
        "Kustomization/flux-system/a": "Suspended",
    }


def test_variables_are_put_into_a_child_before_it_is_followed() -> None:
    fleet = compiled(
        {
            "clusters/test/all.yaml": kustomization(
                "all", more="  postBuild: {substitute: {WHERE: right}}\n"
            ),
            "all/a.yaml": kustomization("a", "${WHERE}"),
            "right/map.yaml": config_map("right"),
        }
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/right"]


def test_a_broken_unit_has_its_findings_and_stops_nobody() -> None:
    fleet = compiled(
        {
            "clusters/test/a.yaml": kustomization("a", "nowhere"),
            "clusters/test/b.yaml": kustomization("b"),
            "b/map.yaml": config_map("b"),
        }
    )
    assert outcomes(fleet) == {
        ROOT: "Rendered",
        "Kustomization/flux-system/a": "Broken",
        "Kustomization/flux-system/b": "Rendered",
    }
    assert told(fleet) == [
        "clusters/test/a.yaml:2 error flux/missing-path: Kustomization/flux-system/a: "
        "its path './nowhere' does not exist in the source"
    ]


def test_a_unit_that_cannot_be_read_is_broken() -> None:
    fleet = compiled({"clusters/test/a.yaml": kustomization("a").replace("./a", "[1, 2]")})
    broken = unit(fleet, "a")
    assert broken.outcome == Broken()
    assert [str(found.at) for found in broken.findings] == ["clusters/test/a.yaml:2"]


def test_of_two_declarations_the_first_one_counts() -> None:
    fleet = compiled(
        {
            "clusters/test/one.yaml": kustomization("one"),
            "clusters/test/two.yaml": kustomization("two"),
            "one/a.yaml": kustomization("a", "first"),
            "two/a.yaml": kustomization("a", "second"),
            "first/map.yaml": config_map("first"),
            "second/map.yaml": config_map("second"),
        }
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/first"]
    assert unit(fleet, "a").parent == unit(fleet, "one").id


GOTK = kustomization("flux-system", "clusters/test")


def test_a_root_that_renders_itself_is_one_unit() -> None:
    fleet = compiled(
        {
            "clusters/test/flux-system/gotk-sync.yaml": GOTK,
            "clusters/test/a.yaml": config_map("a"),
        }
    )
    assert outcomes(fleet) == {ROOT: "Rendered"}
    assert objects(fleet, "flux-system") == ["ConfigMap/flux-system/a", ROOT]


def test_a_root_works_as_it_renders_itself() -> None:
    """As `flux bootstrap` documents it: a patch beside gotk-sync.yaml changes the root."""
    fleet = compiled(
        {
            "clusters/test/flux-system/gotk-sync.yaml": GOTK,
            "clusters/test/flux-system/kustomization.yaml": """\
resources: [gotk-sync.yaml]
patches:
  - target: {kind: Kustomization, name: flux-system}
    patch: |
      - op: add
        path: /spec/postBuild
        value: {substitute: {WHERE: right}}
""",
            "clusters/test/a.yaml": kustomization("a", "${WHERE}"),
            "clusters/test/map.yaml": config_map("settings", "where: ${WHERE}"),
            "clusters/test/reader.yaml": kustomization(
                "reader",
                more="  postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}\n",
            ),
            "reader/map.yaml": config_map("read", "where: ${where}"),
            "right/map.yaml": config_map("right"),
        }
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/right"]
    (read,) = unit(fleet, "reader").manifests
    assert read.body()["data"] == {"where": "right"}
    assert told(fleet) == []


def test_a_root_is_patched_as_the_flux_instance_says() -> None:
    """Its patches are for all that the instance installs: some do not fit the root."""
    fleet = compiled(
        {
            "clusters/test/flux.yaml": """\
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.4}
  sync: {kind: GitRepository, url: "https://example.org/home.git", path: clusters/test}
  kustomize:
    patches:
      - target: {kind: Deployment}
        patch: '[{op: remove, path: /spec/replicas}]'
      - patch: |
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: source-controller, namespace: flux-system}
      - target: {kind: Kustomization, name: flux-system}
        patch: |
          - op: add
            path: /spec/postBuild
            value: {substitute: {WHERE: right}}
""",
            "clusters/test/a.yaml": kustomization("a", "${WHERE}"),
            "right/map.yaml": config_map("right"),
        }
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/right"]
    assert told(fleet) == []


def test_a_child_of_the_root_as_it_was_before_is_none() -> None:
    fleet = compiled(
        {
            "clusters/test/gotk-sync.yaml": kustomization("flux-system", "clusters/other"),
            "clusters/test/a.yaml": kustomization("a"),
            "clusters/other/b.yaml": kustomization("b"),
            "a/map.yaml": config_map("a"),
            "b/map.yaml": config_map("b"),
        }
    )
    assert list(outcomes(fleet)) == [ROOT, "Kustomization/flux-system/b"]


def test_a_unit_that_never_settles_is_compiled_a_few_times_only() -> None:
    paths = [f"p{number}" for number in range(10)]
    files = {
        f"{path}/self.yaml": kustomization("flux-system", after)
        for path, after in zip(paths, paths[1:] + paths[:1], strict=True)
    }
    fleet = compiled({"clusters/test/self.yaml": kustomization("flux-system", "p0"), **files})
    assert outcomes(fleet) == {ROOT: "Rendered"}


def test_a_root_that_suspends_itself_is_suspended() -> None:
    fleet = compiled({"clusters/test/self.yaml": f"{GOTK}  suspend: true\n"})
    assert outcomes(fleet) == {ROOT: "Suspended"}


def test_whoever_wants_hears_of_each_unit() -> None:
    heard: list[tuple[int, int, str]] = []
    files = {
        "clusters/test/1.yaml": kustomization("a"),
        "clusters/test/2.yaml": kustomization("b", more="  suspend: true\n"),
        "a/map.yaml": config_map("a"),
    }
    compiled(files, Outside(told=lambda *told: heard.append(told)))
    assert heard == [(1, 3, f"test: {ROOT}"), (2, 3, "test: Kustomization/flux-system/a")]


def test_an_empty_cluster_is_a_warning() -> None:
    fleet = compiled({"clusters/test/README.md": ""})
    assert outcomes(fleet) == {ROOT: "Rendered"}
    assert rules(fleet) == ["flux/nothing-to-apply"]
