from typing import Any

import pytest

from gitops.build.lock import fields
from gitops.build.lock.fields import Keep


@pytest.mark.parametrize(
    ("value", "wanted", "left"),
    [
        ({"b": 1.0, "a": [2.5, None]}, Keep.ALL, {"a": [2.5, None], "b": 1}),
        (None, Keep.ALL, None),
        ("a", Keep.NAME, "a"),
        ("a b", Keep.NAME, None),
        (7, Keep.NAME, None),
        ({"b": 1, "a": None}, Keep.MAP, {"b": 1}),
        ({}, Keep.MAP, None),
        (["a"], Keep.MAP, None),
        ({"k": "secret", "j": {"deep": "secret"}}, Keep.KEYS, {"j": "", "k": ""}),
        ({}, Keep.KEYS, None),
        ("secret", Keep.KEYS, None),
        ({"medium": "Memory"}, Keep.PRESENCE, {}),
        ("x", Keep.PRESENCE, None),
        ({"a": 1, "b": 2}, {"b": Keep.ALL, "c": Keep.ALL}, {"b": 2}),
        ({"a": 1}, {"b": Keep.ALL}, None),
        ([{"a": 1}], {"a": Keep.ALL}, None),
        ([{"a": 1}, {"b": 2}, 3], [{"a": Keep.ALL}], [{"a": 1}]),
        ([], [Keep.ALL], None),
        ({"a": 1}, [Keep.ALL], None),
    ],
)
def test_fields_leave_what_they_name(value: Any, wanted: fields.Fields, left: Any) -> None:
    assert fields.kept(value, wanted) == left
    assert fields.kept(left, wanted) == left


def test_keys_stand_in_the_order_of_the_fields_and_sorted_below() -> None:
    wanted: fields.Fields = {"z": Keep.ALL, "a": Keep.MAP}
    left = fields.kept({"a": {"d": 1, "c": 2}, "z": {"y": 1, "x": 2}}, wanted)
    assert repr(left) == "{'z': {'x': 2, 'y': 1}, 'a': {'c': 2, 'd': 1}}"


def test_of_an_unknown_kind_its_identity_is_kept() -> None:
    body = {
        "apiVersion": "example.io/v1",
        "kind": "Thing",
        "metadata": {"name": "a", "annotations": {"helm.sh/hook": "test", "other": "x"}},
        "spec": {"password": "secret"},
        "data": {"a": "secret"},
    }
    assert fields.kept(body, fields.fields_of("example.io", "Thing")) == {
        "apiVersion": "example.io/v1",
        "kind": "Thing",
        "metadata": {"name": "a", "annotations": {"helm.sh/hook": "test"}},
    }


def test_a_kind_is_known_by_its_group_in_any_version() -> None:
    spec = {"replicas": 1, "other": 2}
    for group, left in (("apps", {"replicas": 1}), ("example.io", None)):
        kept = fields.kept({"spec": spec}, fields.fields_of(group, "Deployment"))
        assert (kept or {}).get("spec") == left


def test_pod_security_sees_every_field_it_asks_for() -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/"""
    container = {
        "name": "a",
        "image": "b",
        "ports": [{"hostPort": 1}],
        "securityContext": {
            "privileged": True,
            "capabilities": {"add": ["X"]},
            "seLinuxOptions": {"type": "t"},
            "procMount": "Unmasked",
            "seccompProfile": {"type": "Unconfined"},
            "appArmorProfile": {"type": "Unconfined"},
            "allowPrivilegeEscalation": True,
            "runAsUser": 0,
            "runAsNonRoot": False,
            "windowsOptions": {"hostProcess": True},
        },
    }
    pod = {
        "hostNetwork": True,
        "hostPID": True,
        "hostIPC": True,
        "securityContext": {"sysctls": [{"name": "a", "value": "b"}], "runAsUser": 0},
        "initContainers": [container],
        "containers": [container],
        "volumes": [{"name": "h", "hostPath": {"path": "/"}}, {"name": "i", "iscsi": {}}],
    }
    body = {"spec": pod}
    assert fields.kept(body, fields.fields_of("", "Pod")) == body
