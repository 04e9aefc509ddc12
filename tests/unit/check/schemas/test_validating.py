"""One object against the schema of its kind."""

from typing import Any

import pytest

from gitops.check.schemas import quick
from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.problem import Fault, path
from gitops.check.schemas.validating import Validator
from gitops.sources.schemas import kubernetes

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "spec": {
            "type": "object",
            "required": ["size"],
            "properties": {
                "size": {"type": "string", "minLength": 2, "pattern": "^[a-z]+$"},
                "count": {"type": "integer", "minimum": 1, "default": 1},
                "port": {"x-kubernetes-int-or-string": True},
                "extra": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "until": {"type": "string", "nullable": True},
                "form": {
                    "type": "object",
                    "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
                    "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
                },
                "ports": {
                    "type": "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["name"],
                    "items": {"type": "object", "properties": {"name": {"type": "string"}}},
                },
            },
        }
    },
}
RIGHT: dict[str, Any] = {"size": "large", "port": "http", "extra": {"any": [1]}, "until": None}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"port": 80, "labels": {"a": "b"}, "form": {"a": "x"}}, []),
        ({"count": None}, []),
        ({"ports": [{"name": "a"}, {"name": "b"}]}, []),
        ({"size": "L"}, ["spec.size value", "spec.size value"]),
        ({"size": None}, ["spec.size required"]),
        ({"count": 0}, ["spec.count value"]),
        ({"count": 1.5}, ["spec.count type"]),
        ({"port": 1.5}, ["spec.port type"]),
        ({"labels": {"a": 1}}, ["spec.labels.a type"]),
        ({"sise": 1}, ["spec.sise unknown-field"]),
        ({"form": {"a": "x", "b": "y"}}, ["spec.form value"]),
        ({"form": {}}, ["spec.form value"]),
        ({"ports": [{"name": "a"}, {"name": "a"}]}, ["spec.ports[1] duplicate"]),
    ],
)
def test_each_problem_is_found_where_it_is(changed: dict[str, Any], expected: list[str]) -> None:
    body = {"apiVersion": "example.org/v1", "kind": "Machine", "spec": {**RIGHT, **changed}}
    found = Validator(SCHEMA, custom=True).problems(body)
    assert [f"{path(each.pointer)} {each.fault}" for each in found] == expected


def test_null_in_a_required_field_of_kubernetes_itself_is_nothing() -> None:
    known = Builtin(kubernetes.definitions("1.33.5")).schema(
        "rbac.authorization.k8s.io", "v1", "RoleBinding"
    )
    assert known is not None
    body = {"metadata": {"name": "a"}, "roleRef": {"apiGroup": "", "kind": None, "name": "a"}}
    body |= {"subjects": None}
    (found,) = Validator(known, custom=False).problems(body)
    assert (found.fault, found.pointer) == (Fault.REQUIRED, ("roleRef", "kind"))


def test_rules_wait_until_texts_have_their_format() -> None:
    text = {"type": "string", "format": "ipv4"}
    rule = {"rule": "self.key == '10.0.0.1'"}
    schema = {"type": "object", "properties": {"key": text}, "x-kubernetes-validations": [rule]}
    validator, keys = Validator(schema, custom=True), ("10.0.0.1", "10.0.0.2", "10")
    found = [[each.fault for each in validator.problems({"key": key})] for key in keys]
    assert found == [[], [Fault.RULE], [Fault.FORMAT]]


@pytest.mark.parametrize(("text", "expected"), [("YQ==", 0), ("", 1), ("YQ", 1), ("YQ==\n", 1)])
def test_base64_of_a_custom_resource_is_neither_empty_nor_broken_into_lines(
    text: str, expected: int
) -> None:
    schema = {"type": "object", "properties": {"key": {"type": "string", "format": "byte"}}}
    assert len(Validator(schema, custom=True).problems({"key": text})) == expected


def test_a_second_kind_with_the_same_pods_needs_no_new_checks_of_them() -> None:
    builtin, known = Builtin(kubernetes.definitions("1.33.5")), quick.Known()
    container = {"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    body = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
    made = []
    for kind in ("Deployment", "DaemonSet"):
        schema = builtin.schema("apps", "v1", kind)
        assert schema is not None
        validator = Validator(schema, custom=False, known=known)
        whole = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web"}, "spec": body}
        before = len(known)
        assert validator.problems(whole) == ()
        made.append(len(known) - before)
    # Of the second kind itself: apiVersion, kind and spec, of which the selector is shared, too.
    assert made[1] <= 3 < made[0]
