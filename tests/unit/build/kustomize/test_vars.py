"""Legacy variables."""

from collections.abc import Sequence
from typing import Any

import pytest

from gitops.build.kustomize import vars as variables
from gitops.model.finding import Severity
from gitops.model.ids import ObjectId, id_of
from gitops.model.origin import Location

AT = Location("kustomization.yaml")
VALUES = {"NAME": "web", "PORT": 8080, "ON": True, "MAP": {"a": 1}, "NONE": None}
SPECS = [
    {"kind": "Pod", "path": "spec/containers/args"},
    {"kind": "Pod", "path": "spec/containers/env/value"},
    {"path": "metadata/annotations"},
    {"kind": "Other", "path": "metadata/name"},
]


class Subject:
    """An object."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    @property
    def ids(self) -> Sequence[ObjectId]:
        return (id_of(self.body),)


def pod(**container: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [container]}}


def expanded(text: Any) -> Any:
    subject = Subject(pod(env=[{"name": "E", "value": text}]))
    variables.expand(VALUES, [subject], SPECS, AT)
    return subject.body["spec"]["containers"][0]["env"][0]["value"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$(NAME)", "web"),
        ("a-$(NAME)-$(PORT)-$(ON)", "a-web-8080-true"),
        ("$(PORT)", 8080),
        ("$(ON)", True),
        ("$(UNKNOWN) $(MAP) $(NONE)", "$(UNKNOWN) $(MAP) $(NONE)"),
        ("$$(NAME)", "$(NAME)"),
        ("$$$(NAME)", "$web"),
        ("$NAME $( $", "$NAME $( $"),
        ("$(NAME", "$(NAME"),
        (5, 5),
    ],
)
def test_references_in_a_text(text: Any, value: Any) -> None:
    assert expanded(text) == value


def test_lists_and_mappings_of_strings_are_expanded() -> None:
    subject = Subject(pod(args=["--name=$(NAME)", "$(PORT)"]))
    subject.body["metadata"] = {"name": "$(NAME)", "annotations": {"a": "$(NAME)", "b": 1}}
    findings = variables.expand({"NAME": "web", "PORT": 1}, [subject], SPECS, AT)
    assert findings == ()
    assert subject.body == {
        "apiVersion": "v1",
        "kind": "Pod",
        "spec": {"containers": [{"args": ["--name=web", 1]}]},
        "metadata": {"name": "$(NAME)", "annotations": {"a": "web", "b": 1}},
    }


def test_a_list_of_other_things_is_refused() -> None:
    findings = variables.expand({}, [Subject(pod(args=["a", 1]))], SPECS, AT)
    assert [(each.rule, each.severity, each.message) for each in findings] == [
        (
            "kustomize/variable",
            Severity.ERROR,
            "spec/containers/args of Pod: variables may stand only in a list of strings",
        )
    ]


def test_a_variable_that_stands_nowhere_is_a_warning() -> None:
    findings = variables.expand({"B": 1, "A": 1}, [Subject(pod(args=["$(A)"]))], SPECS, AT)
    assert [(each.rule, each.severity, each.message) for each in findings] == [
        (
            "kustomize/unused-variable",
            Severity.WARNING,
            "$(B) stands in no field that variables are looked for in",
        )
    ]
