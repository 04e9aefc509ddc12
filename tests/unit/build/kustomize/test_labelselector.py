"""Label selectors are those of Kubernetes."""

import pytest

from gitops.build.kustomize import labelselector
from gitops.build.kustomize.problem import Problem

LABELS = {"app": "web", "tier": "front", "n": "5", "example.com/x": "", "in": "y"}


@pytest.mark.parametrize(
    "selector",
    [
        "",
        "  ",
        "app",
        "!gone",
        "app=web",
        "app==web",
        "app!=db",
        "gone!=x",
        "app in (db, web)",
        "app notin (db)",
        "gone notin (a,b)",
        "app=web,tier=front",
        "app = web , !gone",
        "n>4",
        "n<6",
        "example.com/x=",
        "example.com/x in ()",
        "example.com/x in (,a)",
        "in in (y)",
        "tier in (a,,front)",
    ],
)
def test_a_selector_selects(selector: str) -> None:
    matches = labelselector.parse(selector)
    assert not isinstance(matches, Problem), matches
    assert matches(LABELS)


@pytest.mark.parametrize(
    "selector",
    [
        "gone",
        "!app",
        "app=db",
        "app!=web",
        "app in (db)",
        "app notin (web)",
        "n>5",
        "app>1",
        "gone=",
    ],
)
def test_a_selector_does_not_select(selector: str) -> None:
    matches = labelselector.parse(selector)
    assert not isinstance(matches, Problem), matches
    assert not matches(LABELS)


@pytest.mark.parametrize(
    "selector",
    [
        "app=web,",
        ",",
        "app web",
        "app in web",
        "app in (web",
        "app in",
        "-app",
        "app=we!b",
        "app>x",
        "a/b/c=d",
        "=x",
        "!",
        "x" * 64,
        "app=" + "x" * 64,
    ],
)
def test_what_kubernetes_refuses_is_refused(selector: str) -> None:
    assert isinstance(labelselector.parse(selector), Problem)
