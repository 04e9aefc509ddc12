"""What is made of a cluster where nothing declares how its Flux was installed."""

import pytest

from gitops.build.pipeline.options import Options
from gitops.model.build import Fleet
from tests.unit.build.pipeline.compiling import KUBE, Outside, compiled, outcomes, rules, told

KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NAME, namespace: flux-system}
spec:
  path: ./apps/NAME
  prune: true
  interval: 1h
  sourceRef: {kind: KIND, name: SOURCE}
"""
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: default}\n"
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2beta2
kind: HelmRelease
metadata: {name: a, namespace: default}
spec: {suspend: true}
"""
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: kustomizations.kustomize.toolkit.fluxcd.io
  labels: {app.kubernetes.io/version: VERSION}
spec: {}
"""


def repository(*sources: str) -> str:
    """One Kustomization per source, called a, b and so on."""
    files = ""
    for name, source in zip("abc", sources, strict=False):
        kind, _, called = source.partition("/")
        text = KUSTOMIZATION.replace("NAME", name).replace("KIND", kind).replace("SOURCE", called)
        files += f"-- clusters/test/{name}.yaml --\n{text}-- apps/{name}/a.yaml --\n{OBJECT}"
    return files


@pytest.mark.parametrize("kind", ["GitRepository", "OCIRepository", "Bucket"])
def test_the_source_that_most_name_and_nobody_declares_is_the_repository(kind: str) -> None:
    found = compiled(repository(f"{kind}/one", f"{kind}/config", f"{kind}/config"))
    assert outcomes(found) == {
        "Kustomization/flux-system/flux-system": "Rendered",
        "Kustomization/flux-system/a": "Unknown",
        "Kustomization/flux-system/b": "Rendered",
        "Kustomization/flux-system/c": "Rendered",
    }


def test_a_flux_instance_gives_its_source_the_name_of_its_namespace() -> None:
    """Which it is, the file of the instance need not say: its kustomization may."""
    instance = """\
-- apps/flux/instance.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: flux-instance}
spec: {values: {instance: {sync: {path: clusters/test, url: "https://example.org/home.git"}}}}
"""
    files = repository("GitRepository/home-system", "GitRepository/home-system")
    found = compiled(files.replace("namespace: flux-system", "namespace: home-system") + instance)
    assert outcomes(found) == {
        "Kustomization/home-system/home-system": "Rendered",
        "Kustomization/home-system/a": "Rendered",
        "Kustomization/home-system/b": "Rendered",
    }


def test_where_the_usual_name_is_used_no_other_is_taken() -> None:
    found = compiled(
        repository("GitRepository/one", "GitRepository/one", "GitRepository/flux-system")
    )
    assert outcomes(found) == {
        "Kustomization/flux-system/flux-system": "Rendered",
        "Kustomization/flux-system/a": "Unknown",
        "Kustomization/flux-system/b": "Unknown",
        "Kustomization/flux-system/c": "Rendered",
    }


def test_a_source_that_something_else_makes_is_not_taken() -> None:
    found = compiled(repository("ExternalArtifact/one"))
    assert outcomes(found)["Kustomization/flux-system/a"] == "Unknown"


def test_what_the_assumed_version_removed_is_a_warning_and_the_rest_is_compiled() -> None:
    outside = Outside(options=Options(KUBE, ""))
    found = compiled(f"-- clusters/test/a.yaml --\n{RELEASE}", outside)
    assert told(found) == [
        "clusters/test/a.yaml:1 warning flux/removed-api: HelmRelease/default/a is written as "
        "helm.toolkit.fluxcd.io/v2beta2, which the newest version of Flux removed; it is taken "
        "because none is named"
    ]
    assert outcomes(found)["Kustomization/flux-system/flux-system"] == "Rendered"


@pytest.mark.parametrize(
    ("version", "expected"), [("v2.7.5", []), ("v2.8.0", ["flux/removed-api"])]
)
def test_the_version_is_read_off_what_installs_flux(version: str, expected: list[str]) -> None:
    outside = Outside(options=Options(KUBE, ""))
    installed = DEFINITION.replace("VERSION", version)
    found = compiled(
        f"-- clusters/test/a.yaml --\n{RELEASE}-- clusters/test/flux.yaml --\n{installed}", outside
    )
    assert rules(found) == expected
    assert [line.split(" ")[1] for line in told(found)] == ["error"] * len(expected)


def stamped(files: str) -> Fleet:
    """A cluster that installs an older Flux than the one that is assumed."""
    installed = DEFINITION.replace("VERSION", "v2.7.5")
    files = f"-- clusters/test/flux.yaml --\n{installed}{files}"
    return compiled(files, Outside(options=Options(KUBE, "")))


def test_nothing_is_compiled_further_for_a_version_that_is_known_to_be_another() -> None:
    done: list[str] = []
    outside = Outside(options=Options(KUBE, ""), told=lambda _done, _total, what: done.append(what))
    installed = DEFINITION.replace("VERSION", "v2.7.5")
    files = repository("GitRepository/flux-system", "GitRepository/flux-system")
    compiled(f"-- clusters/test/flux.yaml --\n{installed}{files}", outside)
    assert [what.rpartition("/")[2] for what in done] == ["flux-system", "flux-system", "a", "b"]


def test_the_source_that_most_name_is_found_where_flux_is_another_too() -> None:
    named = ("GitRepository/one", "GitRepository/config", "GitRepository/config")
    assert outcomes(stamped(repository(*named))) == outcomes(compiled(repository(*named)))


def test_flux_applies_what_has_labels_that_are_no_text_without_them() -> None:
    odd = OBJECT.replace("name: a,", "name: a, labels: {a: true},")
    found = compiled(f"-- clusters/test/a.yaml --\n{odd}")
    assert rules(found) == ["flux/metadata-not-text"]
    assert outcomes(found) == {"Kustomization/flux-system/flux-system": "Rendered"}


def test_a_webhook_may_give_every_kustomization_variables() -> None:
    webhook = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        "metadata: {name: NAME, namespace: default}\n"
        "spec: {chartRef: {kind: OCIRepository, name: NAME}}\n"
    )
    asking = OBJECT + "data: {host: 'web.${DOMAIN}'}\n"
    child = KUSTOMIZATION.replace("NAME", "a").replace("KIND", "GitRepository")
    child = child.replace("SOURCE", "flux-system") + "  postBuild: {substitute: {APP: a}}\n"

    def found(name: str) -> list[str]:
        files = f"-- clusters/test/a.yaml --\n{child}-- apps/a/a.yaml --\n{asking}"
        release = webhook.replace("NAME", name)
        return rules(compiled(f"-- clusters/test/webhook.yaml --\n{release}{files}"))

    def found_below(name: str) -> list[str]:
        """The webhook comes with a unit that comes after what installs Flux."""
        files = f"-- clusters/test/a.yaml --\n{child}-- apps/a/a.yaml --\n{asking}"
        release = webhook.replace("NAME", name)
        return rules(stamped(f"{files}-- apps/a/webhook.yaml --\n{release}"))

    assert "flux/undefined-variable" in found("other-webhook")
    assert "flux/undefined-variable" not in found("kustomize-mutating-webhook")
    assert "flux/undefined-variable" in found_below("other-webhook")
    assert "flux/undefined-variable" not in found_below("kustomize-mutating-webhook")
