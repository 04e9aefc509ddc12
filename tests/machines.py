"""Configurations of machines for tests: those of our own estate, with something changed."""

import copy
import os
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.estate import loading
from gitops.estate.loading import Loaded
from gitops.model.finding import Finding
from gitops.sources import yamlio
from gitops.sources.disk import DiskTree
from gitops.talos import fakes, following, judging, rendering
from gitops.talos.rendering import Configuration
from tests.architecture import project

SCHEMAS = project.ROOT.parent / "shared" / "schemas"


@cache
def tree() -> DiskTree:
    return DiskTree(str(project.ROOT))


@cache
def loaded() -> Loaded:
    found, wrong = loading.load(tree())
    assert found is not None
    assert wrong == ()
    return found


@cache
def configurations() -> tuple[Configuration, ...]:
    """All six, with secrets of the right form."""
    rendered = rendering.render(tree(), loaded().estate)
    assert rendered.findings == ()
    return tuple(
        msgspec.structs.replace(found, text=following.follow(found.text, fakes.value))
        for found in rendered.configurations
    )


@cache
def first() -> tuple[dict[str, Any], ...]:
    """The documents of infra-01."""
    documents, mistakes = yamlio.parse(configurations()[0].text.encode(), "infra-01")
    assert mistakes == ()
    return tuple(document.value for document in documents)


def edited(edits: list[dict[str, Any]]) -> Configuration:
    """The configuration of infra-01 after some edits.

    `at` is the way to a field of `document` ("Kind", or "Kind name"), which gets the `value`;
    `remove` is the way to one that goes; `add` is a document more, and `drop` one less.
    """
    documents = list(copy.deepcopy(first()))
    for edit in edits:
        match edit:
            case {"add": document}:
                documents.append(document)
            case {"drop": name}:
                documents.remove(_named(documents, name))
            case {"document": name, "remove": [*way, last]}:
                del _inner(_named(documents, name), way)[last]
            case {"document": name, "at": [*way, last], "value": value}:
                _inner(_named(documents, name), way)[last] = value
            case _:
                raise AssertionError(edit)
    return Configuration("infra", "infra-01", yamlio.dump_all(documents))


def _named(documents: list[dict[str, Any]], name: str) -> dict[str, Any]:
    kind, _, own = name.partition(" ")
    (found,) = (
        document
        for document in documents
        if document.get("kind", "v1alpha1") == kind and own in ("", document.get("name"))
    )
    return found


def _inner(value: Any, way: list[Any]) -> Any:
    for part in way:
        value = value[part] if isinstance(value, list) else value.setdefault(part, {})
    return value


def schema() -> dict[str, Any]:
    """The schema of the Talos that the estate runs; skips the test where it is not there."""
    version = loaded().estate.versions.talos
    path = Path(os.environ.get("GITOPS_SCHEMAS", SCHEMAS)) / f"talos-{version}.schema.json"
    if not path.is_file():
        pytest.skip(f"there is no {path}; its licence keeps it out of the repository")
    found: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    return found


def judged(configuration: Configuration, schema: dict[str, Any] | None) -> list[Finding]:
    """What is wrong with it."""
    return list(judging.judge(tree(), loaded(), [configuration], schema))
