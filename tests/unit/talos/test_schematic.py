"""The id of a schematic, against those that the Image Factory publishes."""

from typing import Any

import msgspec
import pytest

from gitops.estate import loading
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree
from gitops.talos import schematic
from gitops.talos.schematic import Schematic
from tests import estates

VANILLA = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"
KNOWN: list[tuple[dict[str, Any], str]] = [
    ({}, VANILLA),
    ({"customization": {}}, VANILLA),
    ({"customization": {"extraKernelArgs": [], "systemExtensions": {}}}, VANILLA),
    (
        {"customization": {"extraKernelArgs": ["noapic", "nolapic"]}},
        "9cba8e32753f91a16c1837ab8abf356af021706ef284aef07380780177d9a06c",
    ),
    (
        {"customization": {"meta": [{"key": 10, "value": "foo"}]}},
        "d308a2a5ee2277bed5fbaa104fcbc8d59122abfa737df987a95b4ca763459a7f",
    ),
    (
        {"customization": {"secureboot": {"includeWellKnownCertificates": True}}},
        "fa8e05f142a851d3ee568eb0a8e5841eaf6b0ebc8df9a63df16ac5ed2c04f3e6",
    ),
    (
        {"customization": {"diskImage": {"sectorSize": 4096}}},
        "92833e9ddd9bb9e11b2464fa5525429f01866306d52ebd882ee08d7918f6d1ea",
    ),
    (
        {"overlay": {"image": "siderolabs/sbc-raspberrypi", "name": "rpi_generic"}},
        "ee21ef4a5ef808a9b7484cc0dda0f25075021691c8c09a276591eedb638ea1f9",
    ),
]
"""Source: siderolabs/image-factory, pkg/schematic/schematic_test.go."""


@pytest.mark.parametrize(("given", "expected"), KNOWN)
def test_the_id_is_the_one_that_the_image_factory_gives(
    given: dict[str, Any], expected: str
) -> None:
    assert schematic.id_of(msgspec.convert(given, Schematic)) == expected


def test_the_order_of_extensions_counts() -> None:
    def of(*names: str) -> str:
        listed = {"customization": {"systemExtensions": {"officialExtensions": names}}}
        return schematic.id_of(msgspec.convert(listed, Schematic))

    assert of("siderolabs/a", "siderolabs/b") != of("siderolabs/b", "siderolabs/a")


def load(text: str) -> tuple[Schematic | None, list[tuple[str, str]]]:
    estate = estates.loaded().estate
    tree = MemoryTree({schematic.PATH: text})
    found, wrong = schematic.load(tree, estate, Location(loading.PATH, 0, 6))
    assert {each.rule for each in wrong} <= {"talos/schematic"}
    return found, [(str(each.at), each.message) for each in wrong]


def test_a_schematic_whose_id_is_in_use_is_right() -> None:
    assert load("---\ncustomization: {}\n") == (Schematic(), [])


def test_a_schematic_that_is_not_the_one_in_use_is_told() -> None:
    text = "customization:\n  systemExtensions:\n    officialExtensions:\n      - siderolabs/i915\n"
    found, wrong = load(text)
    assert found is not None
    assert found.extensions == ("i915",)
    other = schematic.id_of(found)
    message = f"the images in use are of {VANILLA}, and talos/schematic.yaml is {other}"
    assert wrong == [("fleet.yaml:6", message)]


def test_a_field_that_cannot_be_counted_is_not_taken() -> None:
    assert load("customization:\n  embeddedMachineConfiguration: a\n") == (
        None,
        [
            (
                "talos/schematic.yaml:2",
                "customization has no key 'embeddedMachineConfiguration'",
            )
        ],
    )
