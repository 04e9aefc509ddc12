"""Custom resources against the code of the API server: pruning, defaults, schemas, lists, rules.

The definitions are read from `../shared/crds`, or below the folder that GITOPS_SHARED names. Seeds
are the custom resources of our own tree as they are written; each is broken in random ways.
"""

import copy
import os
import random
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from gitops.check.schemas import problem
from gitops.check.schemas.problem import Fault
from gitops.check.schemas.validating import Validator
from gitops.sources import yamlio
from gitops.sources.schemas import store
from tests.oracle import schemalib

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
CRDS = Path(os.environ.get("GITOPS_SHARED") or ROOT.parent / "shared") / "crds"
EACH = int(os.environ.get("GITOPS_MUTATIONS", "40"))
JUNK: list[Any] = [None, True, 0, 7, -1, 1.5, "", "x", "3", "10.0.0.0/8", [], ["x"], {}, {"x": 1}]

LIST_AS_TEXT = "must be a string, is an array"
COMBINED = re.compile(r'"([^"]*)" must (?:not )?validate')

Kind = tuple[str, str, str]


def test_the_api_server_says_the_same_of_mutated_resources() -> None:
    if not CRDS.is_dir():
        pytest.skip(
            "no CustomResourceDefinitions in ../shared/crds; GITOPS_SHARED names its parent"
        )
    schemas, draw = definitions(), random.Random(1)
    kinds: dict[Kind, list[dict[str, Any]]] = defaultdict(list)
    for kind, seed in _seeds():
        if kind in schemas:
            kinds[kind] += [seed, *(mutated(seed, draw) for _ in range(EACH))]
    names = sorted(kinds)
    answers = schemalib.ask({"schema": schemas[kind], "bodies": kinds[kind]} for kind in names)
    different, compared = [], 0
    for kind, answer in zip(names, answers, strict=True):
        assert "error" not in answer, (kind, answer)
        validator = Validator(schemas[kind], custom=True)
        for body, theirs in zip(kinds[kind], answer["problems"], strict=True):
            compared += 1
            ours = said_of(validator, body)
            if ours != (said := told_of(theirs, ours)):
                different.append((kind[2], sorted(ours ^ said), theirs))
    assert different == []
    assert compared > 2000


def said_of(validator: Validator, body: dict[str, Any]) -> set[tuple[str, str]]:
    """Without lists in the place of texts: kube-openapi lets them pass where the text has a format,
    which the typed fields of server-side apply then do not."""
    return {
        (_sort(found.fault), problem.path(found.pointer))
        for found in validator.problems(body)
        if found.fault is not Fault.METADATA and found.message != LIST_AS_TEXT
    }


def _sort(fault: Fault) -> str:
    return fault.value if fault in (Fault.UNKNOWN, Fault.RULE) else "invalid"


def told_of(found: list[dict[str, str]], ours: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What theirs says more is left out where one mistake has several names: below a value that
    fits none of its forms it goes on about the nearest form, and a list in the place of an object
    is also full of fields that nobody knows."""
    sorts = {"unknown": "unknown-field", "rule": "rule"}
    every = set()
    choices = set()
    for each in found:
        combined = COMBINED.match(each["detail"])
        every.add((sorts.get(each["type"], "invalid"), combined[1] if combined else each["field"]))
        if combined:
            choices.add(combined[1])
    texts = {e["field"] for e in found if e["detail"].endswith('must be of type string: "array"')}
    every -= {("invalid", field) for field in texts}
    lists = {f"{path}[" for sort, path in ours if sort == "invalid"}
    lists |= {f"{field}[" for field in texts}
    return {
        (sort, path)
        for sort, path in every
        if (sort, path) in ours
        or not (_is_below(path, choices) or (sort == "unknown-field" and _is_below(path, lists)))
    }


def _is_below(path: str, places: set[str]) -> bool:
    return any(path != each and path.startswith(each) for each in places)


def definitions() -> dict[Kind, dict[str, Any]]:
    return {
        (spec["group"], version["name"], spec["names"]["kind"]): version["schema"][
            "openAPIV3Schema"
        ]
        for spec in (definition["spec"] for definition in store.read(str(CRDS)))
        for version in spec["versions"]
        if version.get("schema")
    }


def _seeds() -> list[tuple[Kind, dict[str, Any]]]:
    found = []
    for path in sorted((ROOT / "kubernetes").rglob("*.yaml")):
        for document in yamlio.parse(path.read_bytes(), path.name)[0]:
            body = document.value
            group, _, version = str(body.get("apiVersion", "")).rpartition("/")
            found.append(((group, version, str(body.get("kind"))), body))
    return found


def mutated(seed: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    body = copy.deepcopy(seed)
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        _break(body, draw)
    return body


def _break(body: dict[str, Any], draw: random.Random) -> None:
    """Change one place below `spec`, or beside it."""
    places = [found for name in body if name not in OWN for found in _places(body, name)]
    if not places:
        return
    around, key = draw.choice(places)
    match draw.randrange(6):
        case 0:
            around[key] = copy.deepcopy(draw.choice(JUNK))
        case 1 if isinstance(around, dict):
            around[f"{key}x"] = around.pop(key)
        case 2:
            del around[key]
        case 3 if isinstance(around, list):
            around.append(copy.deepcopy(around[key]))
        case 4 if isinstance(around[key], str):
            around[key] += draw.choice(["-", "/x", " ", "0", "X" * 300])
        case _:
            around[key] = [around[key]]


OWN = ("apiVersion", "kind", "metadata")


def _places(around: Any, key: Any) -> list[tuple[Any, Any]]:
    inner = around[key]
    keys = (
        inner if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
    )
    return [(around, key), *(found for each in keys for found in _places(inner, each))]
