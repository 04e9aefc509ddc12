"""Every rule has a refused fixture that shows where it points, and something near that is silent.

A fixture of `check` is exact: whatever its report does not name is proved to be silent. A near miss
is a thing so named in the fixture, an object of the kind that is reported, which is not, or, where
nothing else can be, a fixture beside it, `NAME-near-miss`.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gitops.check.catalogue import RULES
from gitops.sources import yamlio
from tests.architecture import project

REFUSED = project.ROOT / "tests" / "refused"
OWED = json.loads(Path(__file__).with_name("refused.json").read_text("utf-8"))
"""What is proved by other tests: rules without a fixture, each with that test, because they need a
state of the machine or are shown at the layer that reports them; and those without a near miss."""

_NEAR = re.compile(r"near[-_ ]?miss", re.I)
_RIGHT = re.compile(r"^right:$", re.M)
"""Where each file is a list of edits, those that look like the mistake and are none."""
_SUBJECT = re.compile(r"^  in: (.*)$", re.M)
_ALONE = ("kustomize/", "talos/")
"""Areas whose fixtures are a valid case with one change: tests/golden and the case itself are the
near misses."""


@cache
def fixtures() -> dict[str, dict[str, str]]:
    """The texts of each fixture by path; `expected.txt` is the report."""
    found: dict[str, dict[str, str]] = {}
    for path in project.tracked():
        if REFUSED in path.parents and path.suffix != ".py":
            parts = path.relative_to(REFUSED).parts
            name = "/".join(parts[:2])
            found.setdefault(name, {})["/".join(parts[2:])] = path.read_text("utf-8", "replace")
    return found


def shown(rule: str) -> Iterator[str]:
    """The fixtures that expect the rule."""
    told = re.compile(rf"(?<![\w/-]){re.escape(rule)}(?![\w-])")
    for name, texts in fixtures().items():
        if told.search(texts.get("expected.txt", "".join(texts.values()))):
            yield name


def has_near_miss(name: str) -> bool:
    """Whether a fixture shows something that is nearly wrong."""
    texts = fixtures()[name]
    if f"{name}-near-miss" in fixtures() or _RIGHT.search(texts.get("", "")):
        return True
    if any(_NEAR.search(f"{path} {text}") for path, text in texts.items()):
        return True
    told = {
        subject.partition(" ")[2]
        for line in _SUBJECT.findall(texts.get("expected.txt", ""))
        for subject in line.split(", ")
    }
    kinds = {subject.partition("/")[0] for subject in told}
    return any(each not in told and each.partition("/")[0] in kinds for each in _objects(texts))


def _objects(texts: dict[str, str]) -> Iterator[str]:
    for path, text in texts.items():
        if path.endswith(".yaml"):
            for document in yamlio.parse(text.encode(), path)[0]:
                match document.value:
                    case {"kind": kind, "metadata": {"name": name, **rest}}:
                        place = rest.get("namespace")
                        yield f"{kind}/{place}/{name}" if place else f"{kind}/{name}"


def test_every_rule_has_a_fixture_or_another_proof() -> None:
    without = {rule for rule in RULES if not any(shown(rule))}
    assert without == set(OWED["without-fixture"])


@pytest.mark.parametrize(("rule", "path"), OWED["without-fixture"].items())
def test_the_other_proof_names_the_rule(rule: str, path: str) -> None:
    assert rule in (project.ROOT / path).read_text("utf-8")


def test_every_fixture_has_a_near_miss() -> None:
    without = {
        rule
        for rule in RULES
        if not rule.startswith(_ALONE)
        and any(shown(rule))
        and not any(map(has_near_miss, shown(rule)))
    }
    assert without == set(OWED["without-near-miss"])
