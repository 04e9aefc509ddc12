"""Which files a Flux source stands for."""

import pytest

from gitops.model.build import Broken, Unknown
from gitops.sources.tree import MemoryTree
from tests.unit.build.pipeline.compiling import Outside, compiled, objects, outcomes, told, unit
from tests.unit.build.pipeline.test_units import ROOT, config_map, kustomization


def source(name: str, spec: str, kind: str = "GitRepository") -> str:
    return f"""\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: flux-system}}
spec: {spec}
"""


def pointing(name: str, kind: str, at: str, path: str = ".") -> str:
    text = kustomization(name, path)
    return text.replace("kind: GitRepository", f"kind: {kind}").replace(
        "    name: flux-system", f"    name: {at}"
    )


def test_another_repository_is_unknown_and_its_address_told() -> None:
    fleet = compiled(
        {
            "clusters/test/a.yaml": pointing("a", "GitRepository", "other")
            + source("other", "{url: https://example.org/other}"),
        }
    )
    assert unit(fleet, "a").outcome == Unknown(
        "GitRepository/flux-system/other is another repository, https://example.org/other: "
        "name a local copy with --source"
    )
    assert told(fleet) == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("GitRepository", "{url: ssh://git@example.org/other.git}"),
        ("OCIRepository", "{url: oci://example.org/other}"),
        ("Bucket", "{endpoint: example.org, bucketName: other}"),
    ],
)
def test_a_copy_stands_for_a_source_of_its_address(kind: str, spec: str) -> None:
    copy = MemoryTree({"deploy/map.yaml": config_map("theirs")})
    fleet = compiled(
        {
            "clusters/test/a.yaml": pointing("a", kind, "other", "deploy")
            + source("other", spec, kind),
        },
        Outside(copies={"https://example.org/other": copy}),
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/theirs"]
    (theirs,) = unit(fleet, "a").manifests
    assert str(theirs.origin) == "example.org/other//deploy/map.yaml:2"


def test_findings_in_a_copy_name_the_copy_and_those_here_do_not() -> None:
    copy = MemoryTree(
        {
            "deploy/kustomization.yaml": "resources: [map.yaml]\npatches: [{path: gone.yaml}]\n",
            "deploy/map.yaml": config_map("a", "is: ${colour}"),
            "ok/map.yaml": config_map("a", "is: ${colour}"),
        }
    )
    variables = "  postBuild: {substitute: {x: y}}\n"
    patch = "  patches: [{patch: '- {op: remove, path: /nowhere}', target: {kind: Job}}]\n"
    fleet = compiled(
        {
            "clusters/test/a.yaml": pointing("a", "GitRepository", "other", "deploy"),
            "clusters/test/b.yaml": pointing("b", "GitRepository", "other", "nowhere"),
            "clusters/test/c.yaml": pointing("c", "GitRepository", "other", "ok") + variables,
            "clusters/test/d.yaml": pointing("d", "GitRepository", "other", "ok") + patch,
            "clusters/test/other.yaml": source("other", "{url: https://example.org/other}"),
        },
        Outside(copies={"https://example.org/other": copy}),
    )
    assert [line.split(": ")[0] for line in told(fleet)] == [
        "example.org/other//deploy/kustomization.yaml:2 error kustomize/missing-file",
        "clusters/test/b.yaml:2 error flux/missing-path",
        "example.org/other//ok/map.yaml:8 error flux/undefined-variable",
        "clusters/test/d.yaml:2 warning kustomize/dead-patch",
        "clusters/test/d.yaml:2 warning kustomize/wide-patch",
    ]
    assert [str(found) for found in unit(fleet, "b").findings[0].related] == [
        "example.org/other//nowhere"
    ]
    (theirs,) = unit(fleet, "d").manifests
    assert [(step.action, str(step.at)) for step in theirs.origin.steps][-1] == (
        "metadata",
        "clusters/test/d.yaml:2",
    )


@pytest.mark.parametrize("url", ["https://example.org/mine.git", "git@example.org:mine"])
def test_a_source_with_the_address_of_a_remote_is_this_repository(url: str) -> None:
    fleet = compiled(
        {
            "clusters/test/a.yaml": pointing("a", "GitRepository", "again", "deploy")
            + source("again", f"{{url: {url}}}"),
            "deploy/map.yaml": config_map("mine"),
        },
        Outside(remotes=("ssh://git@example.org/mine",)),
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/mine"]


INSTANCE = """\
---
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  sync: {kind: OCIRepository, url: oci://example.org/mine, path: clusters/test}
"""


def test_the_source_of_the_sync_is_this_repository_of_whatever_kind() -> None:
    fleet = compiled(
        {
            "clusters/test/flux.yaml": INSTANCE,
            "clusters/test/a.yaml": pointing("a", "OCIRepository", "flux-system", "deploy"),
            "clusters/test/b.yaml": pointing("b", "OCIRepository", "again", "deploy"),
            "clusters/test/c.yaml": source(
                "again", "{url: oci://example.org/mine}", "OCIRepository"
            ),
            "deploy/map.yaml": config_map("mine"),
        }
    )
    assert outcomes(fleet) == {
        ROOT: "Rendered",
        "Kustomization/flux-system/a": "Rendered",
        "Kustomization/flux-system/b": "Rendered",
    }
    assert objects(fleet, "b") == ["ConfigMap/flux-system/mine"]


def test_a_source_leaves_out_what_it_ignores() -> None:
    fleet = compiled(
        {
            "clusters/test/a.yaml": kustomization("a"),
            "clusters/test/self.yaml": source(
                "flux-system", "{url: 'https://example.org/mine', ignore: secret.yaml}"
            ),
            "a/map.yaml": config_map("mine"),
            "a/secret.yaml": config_map("secret"),
        }
    )
    assert objects(fleet, "a") == ["ConfigMap/flux-system/mine"]


@pytest.mark.parametrize(
    ("kind", "at", "reason"),
    [
        ("GitRepository", "no", "GitRepository/flux-system/no is declared nowhere in this cluster"),
        ("ConfigMap", "map", "ConfigMap/flux-system/map is not a source of files"),
        (
            "ExternalArtifact",
            "no",
            "ExternalArtifact/flux-system/no is made by no ArtifactGenerator of this cluster",
        ),
    ],
)
def test_a_source_that_is_none_is_unknown(kind: str, at: str, reason: str) -> None:
    fleet = compiled(
        {
            "clusters/test/a.yaml": pointing("a", kind, at),
            "clusters/test/b.yaml": pointing("b", "GitRepository", "flux-system"),
            "clusters/test/map.yaml": config_map("map"),
        }
    )
    assert unit(fleet, "a").outcome == Unknown(reason)


def generator(artifacts: str, more: str = "") -> str:
    return f"""\
---
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {{name: parts, namespace: flux-system}}
spec:
  sources:
    - {{alias: repo, kind: GitRepository, name: flux-system}}
    - {{alias: other, kind: GitRepository, name: other}}
  artifacts: {artifacts}
{more}"""


def test_an_artifact_is_composed_and_findings_name_files_of_the_repository() -> None:
    copies = "{from: '@repo/apps/*.yaml', to: '@artifact/in/'}, {from: '@other/x', to: '@artifact'}"
    other = MemoryTree({"x/y.yaml": config_map("theirs", "is: ${colour}")})
    fleet = compiled(
        {
            "clusters/test/1.yaml": pointing("a", "ExternalArtifact", "part", "in")
            + "  postBuild: {substitute: {x: y}}\n",
            "clusters/test/2.yaml": pointing("b", "ExternalArtifact", "part", "x")
            + "  postBuild: {substitute: {x: y}}\n",
            "clusters/test/3.yaml": pointing("c", "ExternalArtifact", "part", "in")
            + "  targetNamespace: web\n",
            "clusters/test/4.yaml": generator(f"[{{name: part, copy: [{copies}]}}]")
            + source("other", "{url: https://example.org/other}"),
            "apps/map.yaml": config_map("mine", "a: ${x}\n  is: ${size}"),
            "in/map.yaml": "not what is meant\n",
        },
        Outside(copies={"https://example.org/other": other}),
    )
    assert [line.split(": ")[0] for line in told(fleet)] == [
        "apps/map.yaml:9 error flux/undefined-variable",
        "example.org/other//x/y.yaml:8 error flux/undefined-variable",
    ]
    (mine,) = unit(fleet, "c").manifests
    assert str(mine.origin) == "apps/map.yaml:2"


@pytest.mark.parametrize(
    ("artifacts", "more", "reason"),
    [
        (
            "[{name: part, copy: [{from: '@no/x', to: '@artifact'}]}]",
            "",
            " cannot be composed: its source @no is not in this repository",
        ),
        (
            "[{name: part, copy: [{from: '@repo/a', to: '@artifact', strategy: Merge}]}]",
            "",
            " cannot be composed: its copy strategy Merge is not reproduced here",
        ),
        ("[{name: part}]", "  pathPattern: x\n", " uses pathPattern, which is not reproduced here"),
        ("5", "", " is not valid: Expected `array`, got `int` - at `$.artifacts`"),
    ],
)
def test_an_artifact_that_cannot_be_composed_says_why(
    artifacts: str, more: str, reason: str
) -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": pointing("a", "ExternalArtifact", "part"),
            "clusters/test/2.yaml": generator(artifacts, more),
        }
    )
    assert unit(fleet, "a").outcome == Unknown(f"ArtifactGenerator/flux-system/parts{reason}")


def test_an_artifact_that_nothing_here_generates_is_unknown() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": pointing("a", "ExternalArtifact", "part"),
            "clusters/test/2.yaml": source("part", "{}", "ExternalArtifact"),
        }
    )
    assert unit(fleet, "a").outcome == Unknown(
        "ExternalArtifact/flux-system/part is made by something other than an ArtifactGenerator"
    )


def test_what_lies_beside_a_remote_base_is_known_though_the_base_is_not() -> None:
    remote = "https://example.org/one//base?ref=v1"
    files = {
        "clusters/test/kustomization.yaml": f"resources: ['{remote}', map.yaml]\n",
        "clusters/test/map.yaml": config_map("ours"),
    }
    fleet = compiled(files)
    assert isinstance(unit(fleet, "flux-system").outcome, Unknown)
    assert objects(fleet, "flux-system") == ["ConfigMap/flux-system/ours"]


def test_a_remote_base_hides_no_mistake_beside_it() -> None:
    remote = "https://example.org/one//base?ref=v1"
    fleet = compiled({"clusters/test/kustomization.yaml": f"resources: ['{remote}', none.yaml]\n"})
    assert unit(fleet, "flux-system").outcome == Broken()


def test_a_remote_base_comes_from_a_copy_and_is_not_kept() -> None:
    """Nothing tells when a copy changes."""
    copy = MemoryTree(
        {"base/kustomization.yaml": "resources: [a.yaml]", "base/a.yaml": config_map("theirs")}
    )
    given = Outside(copies={"https://example.org/one": copy})
    remote = "https://example.org/one//base?ref=v1"
    files = {"clusters/test/kustomization.yaml": f"resources: ['{remote}']\n"}
    fleet = compiled(files, given)
    assert objects(fleet, "flux-system") == ["ConfigMap/flux-system/theirs"]
    assert given.cache.entries == {}
    absent = {"clusters/test/kustomization.yaml": "resources: ['https://example.org/one//../up']\n"}
    assert [line.split(": ")[0] for line in told(compiled(absent, given))] == [
        "clusters/test/kustomization.yaml:1 warning kustomize/remote-base"
    ]
