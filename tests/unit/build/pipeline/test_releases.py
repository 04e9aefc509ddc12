"""HelmReleases: which chart they take, with which values, and what comes of it."""

import msgspec
import pytest

from gitops.build.lock import text
from gitops.model.build import ChartUse, Fleet, Locked, Unknown
from gitops.model.lock import Interface, Lock
from gitops.model.render import RenderRequest, RenderResult
from tests.unit.build.pipeline.compiling import (
    Charts,
    Outside,
    Renders,
    chart,
    compiled,
    failing,
    objects,
    outcomes,
    rules,
    stored,
    told,
    unit,
)
from tests.unit.build.pipeline.test_sourcetrees import source
from tests.unit.build.pipeline.test_units import ROOT, config_map, kustomization

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"


def release(name: str, spec: str, namespace: str = "web") -> str:
    return f"""\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
"""


def registry(name: str, ref: str = "{tag: 1.0.0}", kind: str = "OCIRepository") -> str:
    return f"""\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: {kind}
metadata: {{name: {name}, namespace: web}}
spec: {{url: oci://example.org/{name}, ref: {ref}}}
"""


def from_registry(name: str, more: str = "") -> str:
    return release(name, f"{{chartRef: {{kind: OCIRepository, name: {name}}}{more}}}")


def outside(**charts: object) -> Outside:
    """Charts of example.org at version 1.0.0, by name."""
    return Outside(
        renders=Renders(charts),  # type: ignore[arg-type]
        charts=Charts(*(stored(name) for name in charts)),
    )


def request_of(given: Outside, name: str) -> RenderRequest:
    (request,) = (each for each in given.renders.requests if each.name == name)
    return request


def test_a_release_renders_its_chart() -> None:
    given = outside(app=chart(MAP))
    fleet = compiled(
        {"clusters/test/app.yaml": from_registry("app", ", values: {a: 1}") + registry("app")},
        given,
    )
    assert outcomes(fleet) == {ROOT: "Rendered", "HelmRelease/web/app": "Rendered"}
    assert objects(fleet, "app") == ["ConfigMap/web/app"]
    assert str(unit(fleet, "app").manifests[0].origin) == "app@1.0.0/templates/all.yaml:1"
    assert request_of(given, "app").values == b'{"a":1}'
    assert told(fleet) == []


@pytest.mark.parametrize(
    ("version", "taken"), [("1.x", "1.2.0"), ("1.0.0", "1.0.0"), ("", "2.0.0"), (">=2", "2.0.0")]
)
def test_a_range_takes_the_highest_version_that_is_here(version: str, taken: str) -> None:
    held = [stored("charts/app", each) for each in ("1.0.0", "1.2.0", "2.0.0", "3.0.0-rc1")]
    given = Outside(renders=Renders({"charts/app": chart(MAP)}), charts=Charts(*held))
    spec = (
        f"{{chart: {{spec: {{chart: app, version: '{version}', "
        "sourceRef: {kind: HelmRepository, name: repo}}}}"
    )
    repository = registry("charts", kind="HelmRepository").replace("name: charts", "name: repo")
    fleet = compiled({"clusters/test/app.yaml": release("app", spec) + repository}, given)
    use = unit(fleet, "app").chart
    assert use is not None
    assert (use.address, use.version) == ("oci://example.org/charts/app", taken)
    assert told(fleet) == []


def test_a_chart_that_lies_in_the_repository_is_packed() -> None:
    given = Outside(renders=Renders({"charts/app": chart(MAP)}))
    spec = (
        "{chart: {spec: {chart: ./charts/app, "
        "sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}}"
    )
    fleet = compiled(
        {"clusters/test/app.yaml": release("app", spec), "charts/app/Chart.yaml": "name: app\n"},
        given,
    )
    assert objects(fleet, "app") == ["ConfigMap/web/app"]


def with_values_files(*names: str, ignore: bool = False) -> dict[str, str]:
    """A chart in the repository, and files beside it that may replace its defaults."""
    spec = (
        f"{{chart: {{spec: {{chart: ./charts/app, valuesFiles: [{', '.join(names)}], "
        f"ignoreMissingValuesFiles: {str(ignore).lower()}, "
        "sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}}"
    )
    return {
        "clusters/test/app.yaml": release("app", spec),
        "charts/app/Chart.yaml": "name: app\n",
        "values/a.yaml": "a: {one: 1, list: [1, 2]}\n",
        "values/b.yaml": "a: {list: [3]}\n",
    }


def test_values_files_beside_a_chart_are_merged_and_replace_its_defaults() -> None:
    given = Outside(renders=Renders({"charts/app": chart(MAP)}))
    compiled(with_values_files("values/a.yaml", "./values/b.yaml"), given)
    (request,) = given.renders.requests
    assert (request.defaults, request.values_files) == (b'{"a":{"one":1,"list":[3]}}', ())


def test_a_values_file_that_is_missing_is_refused_unless_that_is_ignored() -> None:
    given = Outside(renders=Renders({"charts/app": chart(MAP)}))
    refused = compiled(with_values_files("values/none.yaml"), given)
    assert told(refused) == [
        "clusters/test/app.yaml:2 error helm/chart-refused: HelmRelease/web/app cannot have its "
        "chart: values/none.yaml does not exist"
    ]
    ignored = compiled(with_values_files("values/none.yaml", "values/b.yaml", ignore=True), given)
    assert told(ignored) == []
    assert given.renders.requests[-1].defaults == b'{"a":{"list":[3]}}'


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("charts/none", "charts/none has no Chart.yaml"),
        ("../up", "'../up' leaves the repository"),
    ],
)
def test_a_folder_that_is_no_chart_is_refused(path: str, reason: str) -> None:
    spec = (
        f"{{chart: {{spec: {{chart: {path}, "
        "sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}}"
    )
    fleet = compiled({"clusters/test/app.yaml": release("app", spec)})
    assert outcomes(fleet)["HelmRelease/web/app"] == "Broken"
    words = f"HelmRelease/web/app cannot have its chart: {reason}"
    assert told(fleet) == [f"clusters/test/app.yaml:2 error helm/chart-refused: {words}"]


def test_a_chart_that_is_not_here_is_a_note_and_its_release_unknown() -> None:
    fleet = compiled({"clusters/test/app.yaml": from_registry("app") + registry("app")})
    reason = (
        "HelmRelease/web/app: chart oci://example.org/app 1.0.0 is not in the store nor in a lock"
    )
    assert unit(fleet, "app").outcome == Unknown(reason)
    assert unit(fleet, "app").chart == ChartUse("oci://example.org/app", "1.0.0", "")
    assert told(fleet) == [f"clusters/test/app.yaml:2 note helm/chart-absent: {reason}"]


def test_a_source_that_is_declared_later_is_waited_for() -> None:
    given = outside(app=chart(MAP))
    fleet = compiled(
        {
            "clusters/test/1.yaml": from_registry("app"),
            "clusters/test/2.yaml": kustomization("sources"),
            "sources/app.yaml": registry("app"),
        },
        given,
    )
    assert objects(fleet, "app") == ["ConfigMap/web/app"]


def test_a_source_that_is_declared_nowhere_makes_the_release_unknown() -> None:
    fleet = compiled({"clusters/test/app.yaml": from_registry("app")})
    assert unit(fleet, "app").outcome == Unknown(
        "OCIRepository/web/app is declared nowhere in this cluster"
    )


def locks(fleet: Fleet, name: str = "app", **changed: str) -> dict[str, str | bytes]:
    """The lock file of a release as it was built, with facts changed."""
    built = unit(fleet, name)
    assert built.chart is not None
    lock = Lock(
        path=f"gitops.lock.d/test/web/{name}.yaml",
        chart=built.chart.address,
        version=built.chart.version,
        digest=f"sha256:{'0' * 64}",
        values=built.chart.values,
        interface=Interface((msgspec.json.encode(built.manifests[0].body()),)),
    )
    return {lock.path: text.to_yaml(msgspec.structs.replace(lock, **changed))}


FILES: dict[str, str | bytes] = {
    "clusters/test/app.yaml": from_registry("app", ", values: {a: 1}") + registry("app")
}


def test_a_lock_stands_for_a_chart_that_is_not_here() -> None:
    lock = locks(compiled(FILES, outside(app=chart(MAP))))
    fleet = compiled({**FILES, **lock})
    locked = unit(fleet, "app")
    assert isinstance(locked.outcome, Locked)
    assert locked.outcome.lock == "gitops.lock.d/test/web/app.yaml"
    assert [(str(each.id), each.incomplete) for each in locked.manifests] == [
        ("ConfigMap/web/app", "locked")
    ]
    assert locked.manifests[0].origin.source.path == "gitops.lock.d/test/web/app.yaml"
    assert told(fleet) == []


def test_what_a_locked_release_renders_can_be_read_by_others() -> None:
    """Only its keys are known: a lock holds facts, no values."""
    lock = locks(compiled(FILES, outside(app=chart(f"{MAP}data: {{colour: blue}}\n"))))
    reader = kustomization(
        "reader", more="  postBuild: {substituteFrom: [{kind: ConfigMap, name: app}]}\n"
    ).replace("namespace: flux-system", "namespace: web", 1)
    files = {
        **FILES,
        **lock,
        "clusters/test/reader.yaml": reader.replace(
            "    name: flux-system", "    name: flux-system\n    namespace: flux-system"
        ),
        "reader/map.yaml": config_map("read", "is: ${colour}"),
    }
    fleet = compiled(files)
    assert told(fleet) == []
    (read,) = unit(fleet, "reader").manifests
    assert read.incomplete == "placeholder"


@pytest.mark.parametrize(
    ("changed", "here", "rule"),
    [
        ({"values": "sha256:other"}, False, "lock/stale-values"),
        ({"values": "sha256:other"}, True, "lock/stale-values"),
        ({"digest": "sha256:other"}, True, "lock/stale-chart"),
        ({"version": "0.9.0"}, True, "lock/stale-version"),
    ],
)
def test_a_lock_that_is_stale_is_a_finding(changed: dict[str, str], here: bool, rule: str) -> None:
    given = outside(app=chart(MAP))
    lock = locks(compiled(FILES, given), **{"digest": "app", **changed})
    fleet = compiled({**FILES, **lock}, given if here else Outside())
    assert rules(fleet) == [rule]


def test_a_lock_of_another_version_does_not_stand_for_the_chart() -> None:
    lock = locks(compiled(FILES, outside(app=chart(MAP))), version="0.9.0")
    fleet = compiled({**FILES, **lock})
    assert outcomes(fleet)["HelmRelease/web/app"] == "Unknown"
    assert rules(fleet) == ["helm/chart-absent", "lock/stale-version"]


def test_the_version_of_the_program_is_not_that_of_its_chart() -> None:
    lock = locks(compiled(FILES, outside(app=chart(MAP))), version="0.9.0", app_version="v1.0.0")
    fleet = compiled({**FILES, **lock})
    assert told(fleet)[1:] == [
        "clusters/test/app.yaml:2 warning helm/version-of-program: HelmRelease/web/app: chart "
        "oci://example.org/app 1.0.0 is not in the store: 1.0.0 is the version of the program in "
        "chart 0.9.0, which its lock holds"
    ]


@pytest.mark.parametrize("more", [", suspend: true", ", valuesFrom: [{kind: ConfigMap, name: a}]"])
def test_a_lock_of_a_release_that_is_not_built_is_needed_all_the_same(more: str) -> None:
    lock = locks(compiled(FILES, outside(app=chart(MAP))))
    files = {"clusters/test/app.yaml": from_registry("app", more) + registry("app")}
    assert "lock/orphan" not in rules(compiled({**files, **lock}))


def test_a_lock_that_nobody_needs_is_a_finding_as_is_one_that_lacks() -> None:
    given = outside(app=chart(MAP))
    lock = locks(compiled(FILES, given))
    other = {path.replace("app", "gone"): content for path, content in lock.items()}
    assert rules(compiled({**FILES, **other}, given)) == ["lock/missing", "lock/orphan"]


def test_a_lock_that_cannot_be_read_is_a_finding() -> None:
    given = outside(app=chart(MAP))
    fleet = compiled({**FILES, "gitops.lock.d/test/web/app.yaml": "5\n"}, given)
    assert rules(fleet) == ["lock/unreadable"]
    assert outcomes(fleet)["HelmRelease/web/app"] == "Rendered"


def test_values_come_from_a_config_map_that_is_rendered_later() -> None:
    given = outside(app=chart(MAP))
    more = ", values: {a: 1}, valuesFrom: [{kind: ConfigMap, name: values}]"
    values = config_map("values", "values.yaml: 'b: ${two}'").replace("flux-system", "web")
    fleet = compiled(
        {
            "clusters/test/1.yaml": from_registry("app", more) + registry("app"),
            "clusters/test/2.yaml": kustomization(
                "values", more="  postBuild: {substitute: {two: '2'}}\n"
            ),
            "values/map.yaml": values,
        },
        given,
    )
    assert request_of(given, "app").values == b'{"b":2,"a":1}'
    assert told(fleet) == []


def test_a_config_map_with_values_that_never_comes_is_told_at_the_end() -> None:
    given = outside(app=chart(MAP))
    more = ", valuesFrom: [{kind: ConfigMap, name: values}]"
    fleet = compiled(
        {"clusters/test/app.yaml": from_registry("app", more) + registry("app")}, given
    )
    assert outcomes(fleet)["HelmRelease/web/app"] == "Broken"
    assert rules(fleet) == ["helm/missing-values"]
    assert given.renders.requests == []


def test_a_secret_with_values_that_only_the_cluster_has_leaves_the_objects_incomplete() -> None:
    given = outside(app=chart(MAP))
    more = ", valuesFrom: [{kind: Secret, name: values, valuesKey: key, targetPath: a.b}]"
    external = """\
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: values, namespace: web}
spec: {data: [{secretKey: key}]}
"""
    fleet = compiled(
        {"clusters/test/app.yaml": from_registry("app", more) + registry("app") + external}, given
    )
    assert b"secretplaceholder-" in request_of(given, "app").values
    assert [each.incomplete for each in unit(fleet, "app").manifests] == ["placeholder"]
    assert told(fleet) == []


def crd(kind: str, scope: str = "Namespaced") -> str:
    return f"""\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {kind.lower()}s.example.org}}
spec:
  group: example.org
  scope: {scope}
  names: {{kind: {kind}, plural: {kind.lower()}s}}
  versions: [{{name: v1, served: true, storage: true}}, {{name: v0, served: false}}]
"""


def served(request: RenderRequest) -> list[str]:
    return [api for api in request.api_versions if "example.org" in api]


def asking(request: RenderRequest) -> RenderResult:
    """A chart whose object says what the cluster serves of example.org."""
    apis = ",".join(served(request)) or "none"
    return chart(f"{MAP}data: {{apis: '{apis}'}}\n", asks=True)(request)


def apis(fleet: Fleet, name: str) -> str:
    (found,) = (each for each in unit(fleet, name).manifests if each.id.kind == "ConfigMap")
    told_apis: str = found.body()["data"]["apis"]
    return told_apis


def test_a_chart_that_asks_sees_the_crds_of_the_same_build() -> None:
    given = outside(app=asking, crds=chart(crd("Wheel")))
    fleet = compiled(
        {
            "clusters/test/1.yaml": from_registry("app") + registry("app"),
            "clusters/test/2.yaml": crd("Car"),
            "clusters/test/3.yaml": from_registry("crds") + registry("crds"),
        },
        given,
    )
    assert apis(fleet, "app") == "example.org/v1,example.org/v1/Car,example.org/v1/Wheel"


def test_charts_that_ask_see_the_crds_that_other_asking_charts_bring() -> None:
    def asking_with_crd(request: RenderRequest) -> RenderResult:
        apis = ",".join(served(request)) or "none"
        return chart(f"{MAP}data: {{apis: '{apis}'}}\n", crd("Wheel"), asks=True)(request)

    given = outside(app=asking, crds=asking_with_crd)
    fleet = compiled(
        {
            "clusters/test/1.yaml": from_registry("app") + registry("app"),
            "clusters/test/2.yaml": from_registry("crds") + registry("crds"),
        },
        given,
    )
    assert apis(fleet, "app") == "example.org/v1,example.org/v1/Wheel"
    assert apis(fleet, "crds") == "example.org/v1,example.org/v1/Wheel"


def test_a_chart_that_asks_may_render_a_release_whose_chart_asks() -> None:
    def parent(request: RenderRequest) -> RenderResult:
        apis = ",".join(served(request)) or "none"
        child = from_registry("child").removeprefix("---\n")
        texts = (f"{MAP}data: {{apis: '{apis}'}}\n", crd("Wheel"), child)
        return chart(*texts, asks=True)(request)

    files = {"clusters/test/1.yaml": from_registry("parent") + registry("parent")}
    files["clusters/test/2.yaml"] = registry("child")
    fleet = compiled(files, outside(parent=parent, child=asking))
    assert apis(fleet, "parent") == "example.org/v1,example.org/v1/Wheel"
    assert apis(fleet, "child") == "example.org/v1,example.org/v1/Wheel"


def test_charts_that_never_agree_end() -> None:
    def contrary(request: RenderRequest) -> RenderResult:
        kinds = [] if "example.org/v1/Wheel" in request.api_versions else [crd("Wheel")]
        return chart(MAP, *kinds, asks=True)(request)

    fleet = compiled(
        {"clusters/test/1.yaml": from_registry("app") + registry("app")}, outside(app=contrary)
    )
    assert outcomes(fleet)["HelmRelease/web/app"] == "Rendered"


def test_charts_that_ask_are_sent_out_together() -> None:
    waited: list[list[str]] = []
    given = outside(one=asking, two=asking)

    def result(request: RenderRequest) -> RenderResult:
        if served(request):
            waited.append([each.name for each in given.renders.requests if served(each)])
        return asking(request)

    given.renders.charts = {"one": result, "two": result}
    compiled(
        {
            "clusters/test/0.yaml": crd("Car"),
            "clusters/test/1.yaml": from_registry("one") + registry("one"),
            "clusters/test/2.yaml": from_registry("two") + registry("two"),
        },
        given,
    )
    assert waited == [["one", "two"], ["one", "two"]]


def test_a_chart_that_fails_is_a_finding_and_everything_else_is_built() -> None:
    given = outside(
        bad=failing("nil pointer", "templates/web.yaml", 7), app=chart(MAP), odd=failing("no")
    )
    fleet = compiled(
        {
            f"clusters/test/{name}.yaml": from_registry(name) + registry(name)
            for name in ("bad", "app", "odd")
        },
        given,
    )
    assert outcomes(fleet) == {
        ROOT: "Rendered",
        "HelmRelease/web/app": "Rendered",
        "HelmRelease/web/bad": "Broken",
        "HelmRelease/web/odd": "Broken",
    }
    assert told(fleet) == [
        "clusters/test/bad.yaml:2 error helm/render: HelmRelease/web/bad: bad@1.0.0 does not "
        "render: nil pointer",
        "clusters/test/odd.yaml:2 error helm/render: HelmRelease/web/odd: odd@1.0.0 does not "
        "render: no",
    ]
    (broken,) = unit(fleet, "bad").findings
    assert [str(place) for place in broken.related] == ["bad@1.0.0/templates/web.yaml:7"]


def test_a_chart_that_fails_is_tried_again() -> None:
    given = outside(app=failing("no"))
    compiled(FILES, given)
    assert [kind for kind, _ in given.cache.entries] == ["kustomization"]


CUSTOM = "apiVersion: example.org/v1\nkind: {kind}\nmetadata: {{name: a}}\n"


@pytest.mark.parametrize(
    ("kind", "scope", "namespace"),
    [("Wheel", "Cluster", ""), ("WheelClass", "Namespaced", "web"), ("Wheel", "Namespaced", "web")],
)
def test_the_scope_of_a_kind_may_come_from_another_unit(
    kind: str, scope: str, namespace: str
) -> None:
    given = outside(app=chart(CUSTOM.format(kind=kind)), crds=chart(crd(kind, scope)))
    fleet = compiled(
        {
            "clusters/test/1.yaml": from_registry("app") + registry("app"),
            "clusters/test/2.yaml": from_registry("crds") + registry("crds"),
        },
        given,
    )
    (found,) = unit(fleet, "app").manifests
    assert found.id.namespace == namespace
    assert found.body()["metadata"].get("namespace", "") == namespace


def test_a_release_may_render_units() -> None:
    child = from_registry("child").removeprefix("---\n")
    given = outside(parent=chart(child), child=chart(MAP))
    fleet = compiled(
        {"clusters/test/1.yaml": from_registry("parent") + registry("parent") + registry("child")},
        given,
    )
    assert objects(fleet, "child") == ["ConfigMap/web/child"]
    assert unit(fleet, "child").parent == unit(fleet, "parent").id


def test_releases_are_sent_out_in_the_order_of_their_declaration() -> None:
    names = [f"app{number}" for number in (3, 1, 2)]
    given = outside(**{name: chart(MAP) for name in names})
    compiled(
        {
            f"clusters/test/{number}.yaml": from_registry(name) + registry(name)
            for number, name in enumerate(names)
        },
        given,
    )
    assert given.renders.names == names


def test_what_is_in_the_cache_is_not_rendered_again() -> None:
    given = outside(app=chart(MAP))
    first = compiled(FILES, given)
    given.renders.requests.clear()
    assert compiled(FILES, given) == first
    assert given.renders.requests == []
    assert given.cache.hits == ["kustomization", "release"]


def test_a_suspended_release_is_left_as_it_is() -> None:
    given = outside(app=chart(MAP))
    files = {"clusters/test/app.yaml": from_registry("app", ", suspend: true") + registry("app")}
    assert outcomes(compiled(files, given))["HelmRelease/web/app"] == "Suspended"
    assert given.renders.requests == []


@pytest.mark.parametrize(
    "spec",
    [
        "{}",
        "{chart: {spec: {chart: a}}, chartRef: {kind: OCIRepository, name: app}}",
        "{chartRef: {kind: OCIRepository, name: app}, install: {crds: Some}}",
    ],
)
def test_a_release_that_flux_refuses_is_broken(spec: str) -> None:
    fleet = compiled({"clusters/test/app.yaml": release("app", spec) + registry("app")})
    assert outcomes(fleet)["HelmRelease/web/app"] == "Broken"
    assert set(rules(fleet)) == {"helm/invalid-release"}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (source("map", "{}", "Bucket").replace("flux-system", "web"), ""),
        (registry("app", "{tag: 2.0.0}"), ""),
    ],
)
def test_a_chart_from_elsewhere_is_unknown(other: str, reason: str) -> None:
    fleet = compiled({"clusters/test/app.yaml": from_registry("app") + other})
    assert outcomes(fleet)["HelmRelease/web/app"] == "Unknown"
