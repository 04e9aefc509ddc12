"""From the text of fleet.yaml to the estate."""

from ipaddress import IPv4Address, IPv4Network

from gitops.estate import loading
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree
from tests import estates


def test_facts_become_typed_values() -> None:
    estate = estates.loaded().estate
    assert estate.clusters["two"].pods == IPv4Network("10.246.0.0/16")
    assert estate.clusters["two"].api.endpoint == "https://two.example.org:6443"
    assert estate.nodes["one-01"].address == IPv4Address("10.0.11.11")
    assert estate.nodes["one-01"].disks.install.wwid == "naa.5000000000000101"
    assert estate.nodes["one-01"].disks.ceph.wwid == "eui.0000000000000101"
    assert estate.router_address == IPv4Address("10.0.11.1")
    assert estate.dns_addresses == (IPv4Address("10.0.11.30"),)
    assert list(estate.peers("one")) == ["two"]


def test_every_fact_has_its_line() -> None:
    at = estates.loaded().at
    assert at("clusters", "two", "mesh-port").line == estates.line("mesh-port: 32380")
    assert at("clusters", "one", "nodes", "one-01", "links", "bond", 1, "mac") == Location(
        "fleet.yaml", 0, estates.line("00:00:5e:00:53:12")
    )


def test_a_repository_need_not_have_facts() -> None:
    assert loading.exists(MemoryTree({"fleet.yaml": ""}))
    assert not loading.exists(MemoryTree({"other.yaml": ""}))


def test_a_file_that_is_missing_or_holds_no_document_or_two_is_unreadable() -> None:
    told = [
        loading.load(MemoryTree(files))[1]
        for files in ({}, {"fleet.yaml": "# nothing\n"}, {"fleet.yaml": "a: 1\n---\nb: 1\n"})
    ]
    assert [[(each.rule, each.message) for each in found] for found in told] == [
        [("estate/unreadable", "fleet.yaml does not exist")],
        [("estate/unreadable", "fleet.yaml holds 0 documents, not one")],
        [("estate/unreadable", "fleet.yaml holds 2 documents, not one")],
    ]


def test_broken_yaml_is_told_as_everywhere() -> None:
    nothing, (found,) = estates.load("a: 1\na: 2\n")
    assert nothing is None
    assert (found.rule, found.at) == ("yaml/duplicate-key", Location("fleet.yaml", 0, 2))
