"""What the API server demands of its own kinds, where a fixture would not show it."""

import base64
from typing import Any

import pytest

from gitops.check.schemas import problem, strategy
from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.strategy import zones
from gitops.check.schemas.validating import Validator
from gitops.model import secret
from gitops.sources.schemas import kubernetes

Kind = tuple[str, str, str]
SERVICE, POD, SECRET = ("", "v1", "Service"), ("", "v1", "Pod"), ("", "v1", "Secret")


def refused(kind: Kind, body: dict[str, Any], version: str = "1.33.5") -> list[str]:
    """The fields that are wrong."""
    known = Builtin(kubernetes.definitions(version), strategy.demands(version))
    schema = known.schema(*kind)
    assert schema is not None
    found = Validator(schema, custom=False).problems({"metadata": {"name": "web"}, **body})
    return [problem.path(each.pointer) for each in found]


def pod(**container: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "web", "image": "web:1", **container}]}}


def test_a_service_may_begin_with_a_digit_in_later_versions() -> None:
    body = {"metadata": {"name": "1st"}, "spec": {"ports": [{"port": 80}]}}
    assert refused(SERVICE, body) == ["metadata.name"]
    assert refused(SERVICE, body, "1.36.0") == []


def test_a_container_may_say_when_it_starts_again_in_later_versions() -> None:
    body = pod(restartPolicy="Always")
    assert refused(POD, body) == ["spec.containers[0].restartPolicy"]
    assert refused(POD, body, "1.36.0") == []


def test_null_and_empty_count_as_not_there() -> None:
    probe = {"httpGet": {"port": 80, "scheme": ""}, "exec": None, "periodSeconds": 0}
    assert refused(POD, pod(imagePullPolicy="", livenessProbe=probe, command=None)) == []


def test_an_element_that_is_null_is_one_without_fields() -> None:
    found = refused(POD, pod(ports=[None]))
    assert found == ["spec.containers[0].ports[0].containerPort"]


def test_rules_wait_until_fields_can_be_read() -> None:
    found = refused(SERVICE, {"spec": {"type": "NodePort", "clusterIP": "None", "ports": "80"}})
    assert found == ["spec.ports"]


def test_a_value_that_is_not_known_here_may_be_what_its_secret_needs() -> None:
    hidden = base64.b64encode(secret.placeholder("pull").encode()).decode()
    body = {"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": hidden}}
    assert refused(SECRET, body) == []


def test_claims_held_their_size_as_containers_do_before_1_31() -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    assert refused(("", "v1", "PersistentVolumeClaim"), {"spec": spec}, "1.28.0") == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [("Europe/Berln", "Europe/Berlin"), ("Europe/Berlin", ""), ("UTC", ""), ("Mars/Olympus", "")],
)
def test_a_zone_is_wrong_where_another_is_nearly_it(name: str, meant: str) -> None:
    assert zones.meant(name) == meant
