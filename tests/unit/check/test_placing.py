"""What building tells of a whole unit stands at the field that it is about."""

import pytest

from gitops.check import placing
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.locating import Locator
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree
from tests.unit.check import clusters

RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chart:
    spec:
      chart: web
      version: 1.0.0
  valuesFrom:
    - {kind: ConfigMap, name: one}
    - {kind: ConfigMap, name: two}
    - {kind: ConfigMap, name: two, targetPath: a.b}
  values:
    image:
      tag: 1
    db:
      port: 2
    hosts:
      - a
      - 3
    global:
      zone: x
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: referring, namespace: web}
spec:
  chartRef: {kind: OCIRepository, name: web}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: web, namespace: web}
spec:
  url: oci://example.org/web
  ref:
    tag: 1.0.0
    digest: sha256:a
"""
RENDER = "HelmRelease/web/web: web@1.0.0 does not render: "
AT = 'executing "web/templates/a.yaml" at'
SCHEMA = "values don't meet the specifications of the schema(s) in the following chart(s): "
WORDS = {
    f"web/templates/a.yaml:1:2 {AT} <.Values.image.tag.name>: nil pointer": 15,
    f"template: web/templates/a.yaml:1:2: {AT} <gt .Values.image.tag 3>: error calling gt": 15,
    f"web/templates/a.yaml:1:2 {AT} <.Values.image.name>: nil pointer": 14,
    f"web/templates/a.yaml:1:2 {AT} <.Values.gone>: nil pointer": 13,
    f"web/templates/a.yaml:1:2 {AT} <include \"x\" .>: error calling include: "
    'web/templates/_x.tpl:1:2 executing "x" at <.Values.image.tag>: wrong': 15,
    'web/charts/db/templates/a.yaml:1:2 executing "web/charts/db/templates/a.yaml" '
    "at <.Values.port.least>: nil pointer": 17,
    'web/charts/db/templates/a.yaml:1:2 executing "web/charts/db/templates/a.yaml" '
    "at <.Values.global.zone.x>: nil pointer": 22,
    f"{SCHEMA}web: - at '/hosts/1': got number, want string": 20,
    f"{SCHEMA}web: - at '/image': additional properties 'tag' not allowed": 15,
    f"{SCHEMA}web: - at '': missing property 'gone'": 13,
    f"{SCHEMA}db: - at '/port': got number, want string": 17,
    "execution error at (web/templates/a.yaml:1:2): this cannot be": 8,
}  # fmt: skip


def facts() -> Index:
    unit = clusters.kustomization("apps", RELEASE)
    locator = Locator(MemoryTree({"apps.yaml": RELEASE}))
    return Index(clusters.cluster(unit), Knowledge(locate=locator))


def line(rule: str, message: str, name: str = "web") -> int:
    cluster = facts()
    about = ObjectId("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "web", name)
    owned = cluster.find(*about.key)
    assert owned is not None
    start = owned.manifest.origin.source
    found = Finding(rule, finding.Severity.ERROR, start, message, subject=about)
    return placing.placed(cluster, found).at.line


@pytest.mark.parametrize("words", WORDS)
def test_a_chart_that_does_not_render_points_at_the_value_that_helm_names(words: str) -> None:
    assert line("helm/render", RENDER + words) == WORDS[words]


def test_without_values_what_names_the_chart_is_shown() -> None:
    words = f"web/templates/a.yaml:1:2 {AT} <.Values.gone.x>: nil pointer"
    assert line("helm/render", RENDER + words, "referring") == 37


def test_a_stale_lock_points_at_what_it_is_of() -> None:
    assert line("lock/stale-version", "") == 8
    assert line("lock/stale-chart", "", "referring") == 37
    assert line("lock/stale-values", "") == 13
    assert line("lock/stale-values", "", "referring") == 24


def test_of_several_references_the_one_that_is_named_is_shown() -> None:
    taken = "HelmRelease/web/web takes values from ConfigMap/"
    assert line("helm/missing-values", f"{taken}one, but") == 10
    assert line("helm/unreadable-values", f"{taken}two, but") == 11
    assert line("helm/target-path", f"{taken}two, but") == 12
    assert line("helm/missing-values", f"{taken}gone, but") == 9


def test_the_last_field_that_a_refusal_names_is_shown() -> None:
    assert line("helm/invalid-release", "it has both spec.chartRef and spec.chart") == 5
    assert line("flux/invalid", "HelmRelease/web/web: spec.valuesFrom[1].name: expected str") == 11
    assert line("helm/invalid-release", "it gives Helm the release name '-'") == 1


def test_what_stands_elsewhere_already_stays_there() -> None:
    found = finding.error("helm/render", Location("other.yaml", 0, 7), RENDER, "")
    assert placing.placed(facts(), found) == found
