"""Units wait for the ConfigMaps and Secrets that others render."""

import pytest

from gitops.build.pipeline.options import Options
from gitops.model.build import Fleet
from gitops.model.cluster import Entry
from gitops.model.render import RenderRequest, RenderResult
from gitops.model.secret import placeholder
from tests.unit.build.pipeline.compiling import (
    KUBE,
    Outside,
    chart,
    compiled,
    objects,
    outcomes,
    told,
    unit,
)
from tests.unit.build.pipeline.test_releases import MAP, from_registry, outside, registry
from tests.unit.build.pipeline.test_units import ROOT, config_map, kustomization


def reading(name: str, *references: str, path: str = "") -> str:
    listed = "".join(f"      - {{{reference}}}\n" for reference in references)
    return kustomization(name, path, f"  postBuild:\n    substituteFrom:\n{listed}")


def needs(name: str, kind: str = "ConfigMap") -> str:
    return f"kind: {kind}, name: {name}"


def data(fleet: Fleet, name: str) -> dict[str, str]:
    """The data of the one object that a unit renders."""
    (manifest,) = unit(fleet, name).manifests
    found: dict[str, str] = manifest.body()["data"]
    return found


def test_a_unit_waits_for_a_config_map_that_comes_later() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings")),
            "clusters/test/2.yaml": kustomization("settings"),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
            "settings/map.yaml": config_map("settings", "colour: blue"),
        }
    )
    assert data(fleet, "reader") == {"is": "blue"}
    assert told(fleet) == []


def test_units_wait_for_each_other_in_a_chain() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("third", needs("second")),
            "clusters/test/2.yaml": reading("second", needs("first")),
            "clusters/test/3.yaml": kustomization("first"),
            "third/map.yaml": config_map("third", "is: ${b}"),
            "second/map.yaml": config_map("second", "b: ${a}${a}"),
            "first/map.yaml": config_map("first", "a: x"),
        }
    )
    assert data(fleet, "third") == {"is": "xx"}
    assert told(fleet) == []


def test_a_config_map_that_never_comes_is_told_at_the_end() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings")),
            "clusters/test/2.yaml": kustomization("other"),
            "reader/map.yaml": config_map("read", "is: ${colour:=grey}"),
            "other/map.yaml": config_map("other"),
        }
    )
    assert outcomes(fleet) == {
        ROOT: "Rendered",
        "Kustomization/flux-system/reader": "Broken",
        "Kustomization/flux-system/other": "Rendered",
    }
    assert told(fleet) == [
        "clusters/test/1.yaml:2 error flux/missing-variables: variables are taken from "
        "ConfigMap/settings, which nothing here creates in namespace 'flux-system'"
    ]


def test_a_config_map_that_several_name_is_made_by_hand_and_its_keys_are_unknown() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("first", needs("settings")),
            "clusters/test/2.yaml": reading("second", needs("settings")),
            "first/map.yaml": config_map("first", "is: ${colour}"),
            "second/map.yaml": config_map("second", "is: ${size}"),
        }
    )
    assert data(fleet, "first") == {"is": placeholder("variable", "colour")}
    assert [line.split(" ")[:3] for line in told(fleet)] == [
        ["clusters/test/1.yaml:2", "warning", "flux/missing-variables:"],
        ["clusters/test/2.yaml:2", "warning", "flux/missing-variables:"],
    ]


def test_a_unit_that_makes_its_own_variables_is_compiled_with_them_and_told() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("own", needs("settings")),
            "own/settings.yaml": config_map("settings", "colour: blue"),
            "own/map.yaml": config_map("read", "is: ${colour}"),
        }
    )
    read = next(each for each in unit(fleet, "own").manifests if each.id.name == "read")
    assert read.body()["data"] == {"is": "blue"}
    assert told(fleet) == [
        "clusters/test/1.yaml:2 warning flux/missing-variables: Kustomization/flux-system/own "
        "takes variables from ConfigMap/settings, which it creates itself: in a new cluster Flux "
        "waits until somebody makes it by hand"
    ]


def test_a_config_map_of_another_namespace_is_not_its_own() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("own", needs("settings")),
            "own/settings.yaml": config_map("settings", "colour: blue").replace("flux-system", "x"),
        }
    )
    assert outcomes(fleet)["Kustomization/flux-system/own"] == "Broken"


def test_a_claim_of_a_bucket_makes_a_config_map_and_a_secret() -> None:
    claim = (
        "apiVersion: objectbucket.io/v1alpha1\nkind: ObjectBucketClaim\n"
        "metadata: {name: bucket, namespace: flux-system}\n"
    )
    fleet = compiled(
        {
            "clusters/test/claim.yaml": claim,
            "clusters/test/1.yaml": reading("reader", needs("bucket"), needs("bucket", "Secret")),
            "reader/map.yaml": config_map("read", "is: ${BUCKET_HOST} ${AWS_ACCESS_KEY_ID}"),
        }
    )
    host = placeholder("ConfigMap", "flux-system", "bucket", "BUCKET_HOST")
    key = placeholder("Secret", "flux-system", "bucket", "AWS_ACCESS_KEY_ID")
    assert data(fleet, "reader") == {"is": f"{host} {key}"}
    assert told(fleet) == []


def test_a_config_map_is_not_what_an_external_secret_makes() -> None:
    made = (
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\n"
        "metadata: {name: settings, namespace: flux-system}\n"
    )
    fleet = compiled(
        {
            "clusters/test/made.yaml": made,
            "clusters/test/1.yaml": reading("reader", needs("settings")),
            "reader/map.yaml": config_map("read"),
        }
    )
    assert outcomes(fleet)["Kustomization/flux-system/reader"] == "Broken"


def test_a_secret_may_be_written_over_several_lines() -> None:
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: settings, namespace: flux-system}\n"
        "data:\n  colour: |\n    Ymx\n    1ZQ==\n"
    )
    fleet = compiled(
        {
            "clusters/test/secret.yaml": secret,
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
        }
    )
    assert data(fleet, "reader") == {"is": "blue"}


def test_an_optional_config_map_may_come_later_or_never() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading(
                "reader", f"{needs('never')}, optional: true", f"{needs('later')}, optional: true"
            ),
            "clusters/test/2.yaml": kustomization("later"),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
            "later/map.yaml": config_map("later", "colour: blue"),
        }
    )
    assert data(fleet, "reader") == {"is": "blue"}
    assert told(fleet) == []


def test_what_waits_for_something_optional_goes_first_and_may_give_what_others_miss() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings")),
            "clusters/test/2.yaml": reading("settings", f"{needs('never')}, optional: true"),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
            "settings/map.yaml": config_map("settings", "colour: blue"),
        }
    )
    assert data(fleet, "reader") == {"is": "blue"}
    assert told(fleet) == []


def test_every_cluster_goes_on_without_what_is_optional_before_any_waits_for_a_chart() -> None:
    given = outside(app=chart(MAP))
    order: list[str] = []
    given.told = lambda done, total, what: order.append(what)
    result = given.renders.result

    def waiting(request: RenderRequest) -> RenderResult:
        order.append(f"waiting for {request.name}")
        return result(request)

    given.renders.result = waiting  # type: ignore[method-assign]
    units = reading("apps", f"{needs('never')}, optional: true")
    files = {f"clusters/{name}/units.yaml": units for name in ("one", "two")}
    files["apps/app.yaml"] = from_registry("app") + registry("app")
    entries = (Entry("one", "clusters/one"), Entry("two", "clusters/two"))
    compiled(files, given, *entries)
    assert order.index("two: Kustomization/flux-system/apps") < order.index("waiting for app")


def test_what_waits_for_a_secret_made_by_hand_may_give_what_others_miss() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings")),
            "clusters/test/2.yaml": reading("settings", needs("by-hand", "Secret")),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
            "settings/map.yaml": config_map("settings", "colour: blue"),
        }
    )
    assert data(fleet, "reader") == {"is": "blue"}
    assert [line.split(" ")[:3] for line in told(fleet)] == [
        ["clusters/test/2.yaml:2", "warning", "flux/missing-variables:"]
    ]


def test_secrets_in_plain_text_are_read() -> None:
    secret = """\
apiVersion: v1
kind: Secret
metadata: {name: settings, namespace: flux-system}
data: {colour: Ymx1ZQ==, noise: //4=, odd: "%%"}
stringData: {size: "3"}
"""
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": secret,
            "reader/map.yaml": config_map("read", "is: ${colour} ${size} ${noise:=none}"),
        }
    )
    assert data(fleet, "reader") == {"is": "blue 3 none"}


EXTERNAL = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: from-vault, namespace: flux-system}}
spec:
  {keys}
"""


TARGET = "target: {name: settings}\n  "


def test_the_keys_of_an_external_secret_are_unknown_values() -> None:
    keys = f"{TARGET}data: [{{secretKey: colour}}, {{secretKey: 5}}, 7]"
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": EXTERNAL.format(keys=keys),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
        }
    )
    assert data(fleet, "reader") == {
        "is": placeholder("Secret", "flux-system", "settings", "colour")
    }
    (read,) = unit(fleet, "reader").manifests
    assert read.incomplete == "placeholder"
    assert told(fleet) == []


OF_CLUSTER = """\
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {{name: everywhere}}
spec:
  {name}namespaceSelectors: [{{}}]
  externalSecretSpec:
    {target}data: [{{secretKey: colour}}]
"""


@pytest.mark.parametrize(
    ("name", "target"),
    [("", "target: {name: settings}\n    "), ("externalSecretName: settings\n  ", "")],
)
def test_an_external_secret_of_the_cluster_makes_one_in_each_namespace(
    name: str, target: str
) -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": OF_CLUSTER.format(name=name, target=target),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
        }
    )
    assert outcomes(fleet)["Kustomization/flux-system/reader"] == "Rendered"
    assert told(fleet) == []


def test_an_external_secret_of_another_namespace_makes_none_here() -> None:
    elsewhere = EXTERNAL.format(keys=f"{TARGET}data: [{{secretKey: colour}}]")
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": elsewhere.replace("flux-system", "vault"),
            "reader/map.yaml": config_map("read"),
        }
    )
    assert [line.split(" ")[2] for line in told(fleet)] == ["flux/missing-variables:"]


def test_a_key_that_an_external_secret_does_not_promise_is_undefined() -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": EXTERNAL.format(keys=f"{TARGET}data: [{{secretKey: colour}}]"),
            "reader/map.yaml": config_map("read", "is: ${size}"),
        }
    )
    assert [line.split(" ")[:3] for line in told(fleet)] == [
        ["reader/map.yaml:8", "error", "flux/undefined-variable:"]
    ]


@pytest.mark.parametrize(
    "keys",
    [
        "target: {name: settings}\n  dataFrom: [{extract: {key: all}}]",
        "target: {name: settings, template: {templateFrom: [x]}}",
    ],
)
def test_an_external_secret_of_all_keys_may_define_anything(keys: str) -> None:
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": EXTERNAL.format(keys=keys),
            "reader/map.yaml": config_map("read", "is: ${size}"),
        }
    )
    assert data(fleet, "reader")["is"].startswith("secretplaceholder-variable-size-")
    assert told(fleet) == []


@pytest.mark.parametrize(
    "spec", ["", "5", "{data: 5}", "{target: 5}", "{data: {a: b}}", "{target: {template: 5}}"]
)
def test_an_external_secret_of_any_shape_stops_nobody(spec: str) -> None:
    text = EXTERNAL.format(keys="").partition("spec:")[0]
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("from-vault", "Secret")),
            "clusters/test/2.yaml": f"{text}spec: {spec}\n",
            "reader/map.yaml": config_map("read"),
        }
    )
    assert objects(fleet, "reader") == ["ConfigMap/flux-system/read"]


def test_the_keys_of_a_sealed_secret_are_unknown_values() -> None:
    sealed = """\
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: flux-system}
spec:
  encryptedData: {colour: AgA=}
  template: {metadata: {name: settings}}
"""
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", "Secret")),
            "clusters/test/2.yaml": sealed,
            "reader/map.yaml": config_map("read", "is: ${colour}"),
        }
    )
    assert data(fleet, "reader") == {
        "is": placeholder("Secret", "flux-system", "settings", "colour")
    }


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_what_is_made_by_hand_may_define_anything(kind: str) -> None:
    outside = Outside(
        options=Options(KUBE, "2.9.4", outside=frozenset({f"{kind}/flux-system/settings"}))
    )
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings", kind)),
            "reader/map.yaml": config_map("read", "is: ${colour}"),
        },
        outside,
    )
    assert data(fleet, "reader")["is"].startswith("secretplaceholder-variable-colour-")
    assert told(fleet) == []


@pytest.mark.parametrize(
    "crd",
    [
        "spec: 5",
        "spec: {versions: 5}",
        "spec: {versions: [5], names: 5, scope: Cluster}",
        "spec: {versions: [{served: true}], names: {kind: [a]}}",
        "",
    ],
)
def test_a_crd_of_any_shape_stops_nobody(crd: str) -> None:
    text = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    fleet = compiled({"clusters/test/crd.yaml": f"{text}metadata: {{name: a}}\n{crd}\n"})
    assert objects(fleet, "flux-system") == ["CustomResourceDefinition/a"]


def test_a_config_map_that_a_unit_gives_its_children_too_is_made_by_hand() -> None:
    patch = """\
  patches:
    - target: {kind: Kustomization}
      patch: |
        apiVersion: kustomize.toolkit.fluxcd.io/v1
        kind: Kustomization
        metadata: {name: any}
        spec:
          postBuild:
            substituteFrom: [{kind: ConfigMap, name: settings}]
"""
    fleet = compiled(
        {
            "clusters/test/1.yaml": reading("reader", needs("settings")) + patch,
            "reader/map.yaml": config_map("read", "is: ${colour}"),
        }
    )
    assert data(fleet, "reader") == {"is": placeholder("variable", "colour")}
    said = [line.split(" ")[1:3] for line in told(fleet) if "missing-variables" in line]
    assert said == [["warning", "flux/missing-variables:"]]


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("OCIRepository", "oci://example.org/fluxcd/flux-manifests"),
        ("GitRepository", "https://example.org/fluxcd/flux2.git"),
    ],
)
def test_the_tag_of_the_manifests_of_flux_says_which_flux_it_is(kind: str, url: str) -> None:
    """From 2.9 on, a variable without a value fails the unit."""
    manifests = f"""\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: {kind}
metadata: {{name: flux, namespace: flux-system}}
spec: {{url: "{url}", ref: {{tag: TAG}}}}
"""
    files = {
        "clusters/test/1.yaml": reading("reader", needs("settings")),
        "clusters/test/2.yaml": kustomization("settings"),
        "reader/map.yaml": config_map("read", "is: ${size}"),
        "settings/map.yaml": config_map("settings", "colour: blue"),
    }
    said = {}
    for tag in ("v2.4.0", "v2.9.0"):
        fleet = compiled({**files, "clusters/test/flux.yaml": manifests.replace("TAG", tag)})
        said[tag] = [line.split(" ")[1] for line in told(fleet)]
    assert said == {"v2.4.0": ["warning"], "v2.9.0": ["error"]}
