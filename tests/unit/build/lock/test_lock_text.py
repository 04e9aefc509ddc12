from typing import Any

import pytest

from gitops.build.lock import interface, standin, text
from gitops.model.finding import Finding
from gitops.model.finding import error as error_finding
from gitops.model.ids import ObjectId
from gitops.model.lock import Interface, Lock
from gitops.model.manifest import manifest
from gitops.model.origin import NOWHERE, Location, Origin

PATH = "gitops.lock.d/apps/web/app.yaml"

SHARED = {"app.kubernetes.io/instance": "app", "helm.sh/chart": "app-1.2.3"}


def named(
    kind: str, name: str, labels: dict[str, Any] | None = None, **rest: Any
) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "web", "labels": SHARED if labels is None else labels}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **rest}


def lock_of(*bodies: dict[str, Any]) -> Lock:
    return Lock(
        path=PATH,
        chart="oci://registry.example/charts/app",
        version="1.2.3",
        digest="sha256:aa",
        values="sha256:cc",
        interface=interface.interface_of(manifest(each, Origin(NOWHERE)) for each in bodies),
        app_version="4.5",
        origin_digest="sha256:bb",
    )


DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "app", "namespace": "web", "labels": {**SHARED, "tier": "1"}},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "app"}},
        "template": {
            "metadata": {"labels": {"app": "app"}, "annotations": {"checksum": "abc"}},
            "spec": {
                "serviceAccountName": "app",
                "containers": [
                    {
                        "name": "app",
                        "image": "registry.example/app:4.5@sha256:dd",
                        "args": ["--password=secret"],
                        "env": [
                            {"name": "PLAIN", "value": "secret"},
                            {
                                "name": "KEY",
                                "valueFrom": {"secretKeyRef": {"name": "keys", "key": "one"}},
                            },
                        ],
                        "ports": [{"name": "http", "containerPort": 8080}],
                        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}},
                        "securityContext": {
                            "runAsNonRoot": True,
                            "capabilities": {"drop": ["ALL"]},
                        },
                        "livenessProbe": {"httpGet": {"path": "/", "port": "http"}},
                    }
                ],
                "volumes": [
                    {"name": "config", "configMap": {"name": "app", "defaultMode": 420}},
                    {"name": "scratch", "emptyDir": {}},
                    {"name": "block", "rbd": {"image": "x"}},
                ],
            },
        },
    },
}

BODIES = (
    named("ServiceAccount", "app"),
    named("ConfigMap", "app", data={"b": "secret", "a.yaml": "more: secret"}),
    named("ConfigMap", "other", labels={}, data={"a": "secret"}),
    named("Secret", "keys", labels={**SHARED, "helm.sh/chart": "sub-1.0.0"}, type="Opaque"),
    {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.io"},
        "spec": {
            "group": "example.io",
            "scope": "Namespaced",
            "names": {"kind": "Thing", "plural": "things", "shortNames": ["t"]},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": {}}],
        },
    },
    DEPLOYMENT,
)

TEXT = """\
# Facts of a rendered release, written by `gitops lock`; never edited by hand.
chart: oci://registry.example/charts/app
version: "1.2.3"
appVersion: "4.5"
digest: sha256:aa
originDigest: sha256:bb
values: sha256:cc
sharedLabels:
  app.kubernetes.io/instance: app
  helm.sh/chart: app-1.2.3
objects:
  apiextensions.k8s.io/v1 CustomResourceDefinition:
  - name: things.example.io
    labels: {}
    spec:
      group: example.io
      names: {kind: Thing, plural: things}
      scope: Namespaced
      versions:
      - {name: v1, served: true, storage: true}
  apps/v1 Deployment web:
  - name: app
    extraLabels: {tier: "1"}
    spec:
      replicas: 2
      selector:
        matchLabels: {app: app}
      template:
        metadata:
          labels: {app: app}
        spec:
          containers:
          - name: app
            env:
            - valueFrom:
                secretKeyRef: {name: keys, key: one}
            image: registry.example/app:4.5@sha256:dd
            ports:
            - {name: http, containerPort: 8080}
            resources:
              requests: {cpu: "100m", memory: "64Mi"}
            securityContext:
              capabilities: {drop: [ALL]}
              runAsNonRoot: true
          serviceAccountName: app
          volumes:
          - name: config
            configMap: {name: app}
          - {name: scratch, emptyDir: {}}
          - {name: block, rbd: {}}
  v1 ConfigMap web:
  - name: app
    data: {a.yaml: "", b: ""}
  - name: other
    data: {a: ""}
    labels: {}
  v1 Secret web:
  - name: keys
    extraLabels: {helm.sh/chart: sub-1.0.0}
    type: Opaque
  v1 ServiceAccount web:
  - {name: app}
"""


def test_a_lock_file_says_what_others_rely_on_and_no_values() -> None:
    assert text.to_yaml(lock_of(*BODIES)) == TEXT
    assert "secret:" not in TEXT.replace("secretKeyRef:", "")


def test_a_lock_file_is_read_back_with_the_lines_of_its_objects() -> None:
    lock = text.parse(TEXT.encode(), PATH)
    assert isinstance(lock, Lock)
    places = {str(each.id): each.origin.source.line for each in standin.manifests_of(lock)}
    assert places == {
        "CustomResourceDefinition/things.example.io": 13,
        "Deployment/web/app": 22,
        "ConfigMap/web/app": 52,
        "ConfigMap/web/other": 54,
        "Secret/web/keys": 58,
        "ServiceAccount/web/app": 62,
    }
    assert lock_of(*BODIES) == Lock(
        path=lock.path,
        chart=lock.chart,
        version=lock.version,
        digest=lock.digest,
        values=lock.values,
        interface=lock.interface,
        app_version=lock.app_version,
        origin_digest=lock.origin_digest,
    )


def test_the_fields_of_a_lock_have_their_lines_too() -> None:
    lock = text.parse(TEXT.encode(), PATH)
    assert isinstance(lock, Lock)
    lines = TEXT.splitlines()
    assert lines[lock.at("version").line - 1].startswith("version: ")
    assert lines[lock.at("values").line - 1].startswith("values: ")
    assert lock_of(*BODIES).at("version") == Location(lock.path)


def test_the_objects_of_a_lock_are_marked_and_have_their_own_labels() -> None:
    lock = text.parse(TEXT.encode(), PATH)
    assert isinstance(lock, Lock)
    found = {each.id: each for each in standin.manifests_of(lock)}
    secret = found[ObjectId("", "v1", "Secret", "web", "keys")]
    assert (secret.incomplete, secret.origin.source) == ("locked", Location(PATH, 0, 58))
    assert secret.body() == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "keys",
            "namespace": "web",
            "labels": {"app.kubernetes.io/instance": "app", "helm.sh/chart": "sub-1.0.0"},
        },
        "type": "Opaque",
    }
    other = found[ObjectId("", "v1", "ConfigMap", "web", "other")]
    assert "labels" not in other.body()["metadata"]


def test_a_release_without_objects_has_a_lock_too() -> None:
    written = text.to_yaml(lock_of())
    assert written.endswith("values: sha256:cc\nobjects: {}\n")
    lock = text.parse(written.encode(), PATH)
    assert isinstance(lock, Lock)
    assert lock.interface == Interface(())


def test_labels_stand_with_the_object_where_few_share_them() -> None:
    bodies = [named("Service", f"s{each}", {"tier": str(each)}) for each in range(3)]
    assert text.to_yaml(lock_of(*bodies)).endswith(
        'objects:\n  v1 Service web:\n  - name: s0\n    labels: {tier: "0"}\n'
        '  - name: s1\n    labels: {tier: "1"}\n  - name: s2\n    labels: {tier: "2"}\n'
    )


def test_another_layout_is_read_without_lines() -> None:
    lock = text.parse(
        b"chart: oci://registry.example/a\nversion: 1.2.3\ndigest: d\nvalues: v\n"
        b"objects: {v1 Secret web: [{name: a}]}\n",
        PATH,
    )
    assert isinstance(lock, Lock)
    (secret,) = standin.manifests_of(lock)
    assert (secret.id.name, secret.origin.source) == ("a", Location(PATH))


def refused(content: bytes) -> Finding:
    findings = text.parse(content, PATH)
    assert isinstance(findings, tuple)
    (found,) = findings
    return found


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Expected `object`, got `null`"),
        (b"[]", "Expected `object`, got `array`"),
        (b"chart: a\n", "Object missing required field `version`"),
        (TEXT.encode() + b"more: 1\n", "Object contains unknown field `more`"),
        (TEXT.replace("v1 Secret web", "Secret").encode(), "not enough values to unpack"),
        (b"chart: a\nversion: '1'\ndigest: d\nvalues: v\nobjects: []\n", "Expected `object`"),
        (TEXT.replace('{tier: "1"}', "tier").encode(), "'str' object is not a mapping"),
    ],
)
def test_what_is_no_lock_is_a_finding_that_tells_the_way_out(content: bytes, why: str) -> None:
    found = refused(content)
    assert found == error_finding(
        "lock/unreadable",
        Location(PATH),
        found.message,
        "write it again with `gitops lock`",
    )
    assert found.message.startswith(f"{PATH} is not a lock file that this version can read: {why}")


def test_broken_yaml_is_the_readers_finding() -> None:
    assert refused(b"chart: [\n").rule == "yaml/syntax"


def test_a_big_chart_has_a_small_lock() -> None:
    kinds = ["ConfigMap", "Service", "ServiceAccount", "Role", "RoleBinding", "Whatever"]
    labels = {f"app.kubernetes.io/{key}": f"something-{key}" for key in "abcd"}
    bodies = [
        named(
            kinds[number % len(kinds)],
            f"release-component-with-a-long-name-{number}",
            {**labels, "app.kubernetes.io/component": f"component-{number}"},
            data={"a-rather-long-file-name.yaml": "x" * 10_000},
            spec={"type": "ClusterIP", "selector": labels, "ports": [{"name": "http", "port": 80}]},
        )
        for number in range(90)
    ]
    workloads = [{**DEPLOYMENT, "metadata": {"name": f"w{number}"}} for number in range(10)]
    assert len(text.to_yaml(lock_of(*bodies, *workloads))) < 25_000
