from gitops.generate import derived, inventory
from gitops.model.build import ChartUse, Cluster, Fleet, Unit, Unknown
from gitops.model.ids import ObjectId
from gitops.model.inventory import Inventory, Section, Technology
from gitops.model.origin import Location, Origin
from gitops.sources.tree import MemoryTree
from tests import estates
from tests.unit.check import clusters

KAFKA = """\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: messaging-kafka
  namespace: flux-system
spec:
  path: ./kubernetes/kafka
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata:
  name: kafka
  namespace: messaging
spec:
  version: 4.1.0
  containers:
    - image: registry.example.org:5000/kafka:1.0.1@sha256:00
"""
RELEASE = ObjectId("helm.toolkit.fluxcd.io", "v2", "HelmRelease", "messaging", "strimzi")
TREE = MemoryTree({"kubernetes/kafka/kustomization.yaml": b"", "Taskfile.yaml": b""})


def fleet() -> Fleet:
    release = Unit(
        RELEASE,
        Origin(Location("release.yaml")),
        None,
        Unknown("no chart"),
        chart=ChartUse("oci://example.org/strimzi", "1.0.1", ""),
    )
    root = clusters.kustomization("flux-system", KAFKA)
    unit = clusters.under("flux-system", "messaging-kafka")
    return Fleet((Cluster("apps", "clusters/apps", (root, unit, release)),))


def rows(*technologies: Technology) -> list[str]:
    """The rows of a page, and the line that counts them."""
    found = Inventory((Section("Messaging", technologies),))
    text = inventory.text(found, fleet(), estates.loaded().estate, TREE)
    return text.splitlines()[9:]


def test_a_unit_is_told_with_its_folder_its_clusters_and_what_its_object_says() -> None:
    kafka = Technology(
        "Kafka",
        "v4.1.0",
        unit="messaging-kafka",
        object="Kafka/messaging/kafka",
        field=("spec", "version"),
        note="ADR 0040",
    )
    assert rows(kafka) == [
        "| Kafka | v4.1.0 | 4.1.0 | [`kubernetes/kafka`](../kubernetes/kafka) | apps "
        "| in place; ADR 0040 |",
        "",
        "1 technologies, 0 of them missing.",
    ]


def test_an_image_stands_for_its_tag() -> None:
    field = ("spec", "containers", "0", "image")
    kafka = Technology(
        "Kafka", "", unit="messaging-kafka", object="Kafka/messaging/kafka", field=field
    )
    assert rows(kafka)[0].split(" | ")[2] == "1.0.1"


def test_the_version_of_a_chart_is_known_though_the_chart_is_not_here() -> None:
    strimzi = Technology("Strimzi", "", unit="messaging-kafka", release="messaging/strimzi")
    assert rows(strimzi)[0].split(" | ")[2] == "chart 1.0.1"


def test_a_fact_is_read_from_the_estate() -> None:
    talos = Technology("Talos", "", file="Taskfile.yaml", fact=("versions", "talos"))
    assert rows(talos)[0].split(" | ")[2] == estates.loaded().estate.versions.talos


def test_what_is_nowhere_is_missing_and_so_is_what_has_no_version_where_one_is_named() -> None:
    found = rows(
        Technology("Kafka", "", unit="messaging-kfaka"),
        Technology("Task", "", file="Taskfile.yml"),
        Technology("Strimzi", "", unit="messaging-kafka", release="messaging/strimizi"),
    )
    assert [row.rpartition(" | ")[2] for row in found[:3]] == ["**missing** |"] * 3
    assert found[-1] == "3 technologies, 3 of them missing."


def test_a_repository_without_an_inventory_has_no_page() -> None:
    assert derived.pages(TREE, estates.loaded().estate, fleet()) == ({}, ())


def test_a_mistake_in_the_inventory_is_told_with_its_line() -> None:
    tree = MemoryTree({inventory.SOURCE: b"sections:\n  - name: Tools\n    tools: []\n"})
    pages, wrong = derived.pages(tree, estates.loaded().estate, fleet())
    assert pages == {}
    assert [(str(each.at), each.rule) for each in wrong] == [
        (f"{inventory.SOURCE}:3", "estate/unknown-key"),
        (f"{inventory.SOURCE}:2", "estate/missing-key"),
    ]
