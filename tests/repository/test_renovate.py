"""Renovate sees every pin, proposes together what belongs together, and nothing that is refused."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.repository import manifests, renovate
from tests.repository.renovate import Pin

CONFIG = renovate.configuration()
SEEN = renovate.seen()
RULES = CONFIG["packageRules"]
BOUNDED = [rule for rule in RULES if "allowedVersions" in rule]
IMAGE = re.compile(r"(?<![\w./-])[a-z0-9-]+(?:\.[a-z0-9-]+)+/[a-z0-9._/-]+:(v?\d[\w.-]*)")
VERSION = re.compile(r"v?\d+\.\d+\.\d+")
PINNED = {"version", "tag"}


def pins() -> Iterator[Pin]:
    """Every version that the manifests hold: images anywhere, and exact versions by their key."""
    for path in manifests.files():
        for item in manifests.documents(path):
            for key, value in leaves(item.body):
                yield from (Pin(path, match[1]) for match in IMAGE.finditer(value))
                if key in PINNED and VERSION.fullmatch(value):
                    yield Pin(path, value)


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a document, each with the key that it stands behind."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from leaves(inner, str(name))
        case list():
            for inner in value:
                yield from leaves(inner, key)
        case str():
            yield key, value


def test_every_pin_is_seen() -> None:
    found = set(pins())
    assert len(found) > 50
    assert sorted(found - {item.pin for item in SEEN}) == []


def test_a_pattern_that_is_not_met_sees_nothing() -> None:
    """Or else the tests above could not fail."""
    manager = {"managerFilePatterns": ["/^a$/"], "matchStrings": ["x: (?<currentValue>[0-9]+)"]}
    named = manager | {"depNameTemplate": "b"}
    assert list(renovate.custom(named, "a", "x: 1")) == [renovate.Seen(Pin("a", "1"), "b")]
    assert list(renovate.custom(named, "a", "y: 1")) == []
    assert list(renovate.custom(named, "b", "x: 1")) == []


@pytest.mark.parametrize("manager", CONFIG["customManagers"], ids=lambda item: item["description"])
def test_a_custom_manager_finds_what_it_is_there_for(manager: dict[str, Any]) -> None:
    paths = renovate.files()
    texts = {path: (manifests.ROOT / path).read_text("utf-8") for path in paths}
    for pattern in manager["matchStrings"]:
        alone = manager | {"matchStrings": [pattern]}
        assert [item for path in paths for item in renovate.custom(alone, path, texts[path])]


def test_rules_are_about_what_is_there() -> None:
    named = {name for rule in RULES for name in rule["matchPackageNames"]}
    assert named - {item.name for item in SEEN} == set()


def test_a_thing_belongs_to_one_group_at_most() -> None:
    grouped = [name for rule in RULES if "groupName" in rule for name in rule["matchPackageNames"]]
    assert len(grouped) == len(set(grouped))


@pytest.mark.parametrize("rule", BOUNDED, ids=lambda rule: rule["matchPackageNames"][0])
def test_what_runs_lies_within_its_bound(rule: dict[str, Any]) -> None:
    bound = numbers(rule["allowedVersions"].removeprefix("<"))
    running = [item.pin for item in SEEN if item.name in rule["matchPackageNames"]]
    assert [pin for pin in running if numbers(pin.version) >= bound] == []


@pytest.mark.parametrize("rule", BOUNDED, ids=lambda rule: rule["matchPackageNames"][0])
def test_a_bound_names_a_decision_that_exists(rule: dict[str, Any]) -> None:
    number = rule["description"].removeprefix("ADR ")[:4]
    assert len(list((manifests.ROOT / "docs" / "adr").glob(f"{number}-*.md"))) == 1


def test_the_bounds_that_decisions_speak_of_are_there() -> None:
    pages = (manifests.ROOT / "docs" / "adr").glob("*.md")
    spoken = {bound for page in pages for bound in re.findall(r"`(<[\d.]+)`", page.read_text())}
    assert spoken - {rule["allowedVersions"] for rule in BOUNDED} == set()


def numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    assert found is not None
    return tuple(int(part) for part in found[1].split("."))
