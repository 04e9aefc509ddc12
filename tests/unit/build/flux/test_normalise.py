"""What Flux changes in an object before it applies it."""

import copy
from typing import Any

import pytest

from gitops.build.flux import normalise

POD = {
    "initContainers": [{"name": "i", "ports": [{"containerPort": 1}]}],
    "containers": [{"name": "c", "ports": [{"containerPort": 2}, {"protocol": "UDP"}]}],
}
POD_AFTER = {
    "initContainers": [{"name": "i", "ports": [{"containerPort": 1}]}],
    "containers": [
        {"name": "c", "ports": [{"containerPort": 2, "protocol": "TCP"}, {"protocol": "UDP"}]}
    ],
}


def normalised(api_version: str, kind: str, **fields: Any) -> Any:
    body = copy.deepcopy({"apiVersion": api_version, "kind": kind, **fields})
    normalise.normalise(body)
    return {key: body[key] for key in body if key not in ("apiVersion", "kind")}


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("apps/v1", "ReplicaSet"),
        ("batch/v1", "Job"),
    ],
)
def test_ports_of_containers_get_a_protocol(api_version: str, kind: str) -> None:
    spec = {"template": {"spec": POD}}
    assert normalised(api_version, kind, spec=spec) == {"spec": {"template": {"spec": POD_AFTER}}}


def test_ports_of_pods_cron_jobs_and_services_get_a_protocol() -> None:
    assert normalised("v1", "Pod", spec=POD) == {"spec": POD_AFTER}
    nested = {"jobTemplate": {"spec": {"template": {"spec": POD}}}}
    after = {"jobTemplate": {"spec": {"template": {"spec": POD_AFTER}}}}
    assert normalised("batch/v1", "CronJob", spec=nested) == {"spec": after}
    assert normalised("v1", "Service", spec={"ports": [{"port": 1}]}) == {
        "spec": {"ports": [{"port": 1, "protocol": "TCP"}]}
    }


def test_other_kinds_keep_their_ports() -> None:
    spec = {"ports": [{"port": 1}], "template": {"spec": POD}}
    assert normalised("example.com/v1", "Deployment", spec=spec) == {"spec": spec}


def test_string_data_of_a_secret_moves_to_data() -> None:
    secret: dict[str, Any] = {
        "data": {"a": "eA==", "b": "eQ=="},
        "stringData": {"b": "é", "c": ""},
        "type": "t",
    }
    assert normalised("v1", "Secret", **secret) == {
        "data": {"a": "eA==", "b": "w6k=", "c": ""},
        "type": "t",
    }


def test_string_data_with_placeholders_stays_readable() -> None:
    stand_in = {"stringData": {"a": "secretplaceholder-a-01234567"}}
    body = {"apiVersion": "v1", "kind": "Secret", **stand_in}
    normalise.normalise(body, complete=False)
    assert body == {"apiVersion": "v1", "kind": "Secret", **stand_in}


def test_string_data_that_is_no_text_is_left_to_the_api_server() -> None:
    assert normalised("v1", "Secret", stringData={"a": 5}) == {"stringData": {"a": 5}}


def test_status_goes_but_for_crds() -> None:
    assert normalised("v1", "Pod", status={"a": 1}) == {}
    crd = ("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    assert normalised(*crd, status={"a": 1}) == {"status": {"a": 1}}


def test_the_time_of_creation_goes() -> None:
    metadata = {"name": "a", "creationTimestamp": None}
    assert normalised("v1", "Pod", metadata=metadata) == {"metadata": {"name": "a"}}


def test_roles_are_left_alone() -> None:
    role: dict[str, Any] = {"metadata": {"creationTimestamp": None}, "rules": None, "status": {}}
    assert normalised("rbac.authorization.k8s.io/v1", "ClusterRole", **role) == role


def test_broken_shapes_are_left_to_the_api_server() -> None:
    shapes: list[Any] = [None, [], {"ports": 5}, {"containers": [5, {"ports": [None, 5]}]}]
    for spec in shapes:
        assert normalised("v1", "Pod", spec=spec) == {"spec": spec}
