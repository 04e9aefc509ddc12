"""Whatever a chart renders, its lock says the same in memory, as text and as objects again."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops.build.lock import flow, interface, standin, text
from gitops.model.lock import Interface, Lock
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import NOWHERE, Origin

SECRET = "hunter2-the-value"

WORDS = st.sampled_from(
    ["", "a", "yes", "NO", "null", "~", "1", "0x1f", "1e3", "1.0", "a: b", "a #b", "- a", "{", "*a"]
)
TEXT = st.one_of(WORDS, st.text(max_size=12))
NAMES = st.one_of(
    st.from_regex(r"[a-z0-9]([a-z0-9.:-]{0,20}[a-z0-9])?", fullmatch=True),
    st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=6),
)
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
SCALARS = st.one_of(TEXT, NUMBERS, st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
LABELS = st.dictionaries(NAMES, TEXT, max_size=4)
KINDS = st.sampled_from(
    [
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("v1", "Service"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("batch/v1", "CronJob"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("example.io/v1", "Whatever"),
    ]
)


@st.composite
def containers(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "name": draw(NAMES),
        "image": draw(NAMES),
        "args": [SECRET],
        "env": [
            {"name": "A", "value": SECRET},
            {"name": "B", "valueFrom": {"secretKeyRef": {"name": draw(NAMES), "key": "k"}}},
        ],
        "ports": draw(VALUES),
        "resources": draw(VALUES),
        "securityContext": draw(VALUES),
    }


@st.composite
def specs(draw: st.DrawFn) -> Any:
    pod = {
        "containers": draw(st.lists(containers(), max_size=2)),
        "volumes": draw(st.one_of(VALUES, st.just([{"name": "a", "hostPath": {"path": "/"}}]))),
        "securityContext": draw(VALUES),
    }
    template = {"metadata": {"labels": draw(LABELS)}, "spec": pod}
    known = {
        "template": template,
        "jobTemplate": {"spec": {"template": template}},
        "replicas": draw(VALUES),
        "selector": draw(VALUES),
        "ports": draw(VALUES),
        "group": draw(TEXT),
        "versions": draw(VALUES),
    }
    return draw(st.one_of(VALUES, st.just(known)))


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    api_version, kind = draw(KINDS)
    names = {"name": draw(NAMES), "namespace": draw(st.one_of(st.none(), NAMES))}
    metadata = {key: value for key, value in names.items() if value is not None}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {**metadata, "labels": draw(LABELS), "annotations": {"a": SECRET}},
        "data": dict.fromkeys(draw(st.lists(TEXT, max_size=3)), SECRET),
        "stringData": {"password": SECRET},
        "spec": draw(specs()),
    }


MANIFESTS = st.lists(bodies().map(lambda body: manifest(body, Origin(NOWHERE))), max_size=5)


def locked(manifests: list[Manifest]) -> Lock:
    return Lock(
        path="gitops.lock.d/c/n/r.yaml",
        chart="oci://registry.example/app",
        version="1.2.3",
        digest=f"sha256:{'0' * 64}",
        values=f"sha256:{'1' * 64}",
        interface=interface.interface_of(manifests),
    )


def read(written: str) -> Lock:
    lock = text.parse(written.encode(), "gitops.lock.d/c/n/r.yaml")
    assert isinstance(lock, Lock), lock
    return lock


@settings(max_examples=100, deadline=None)
@given(MANIFESTS)
def test_a_lock_is_read_as_it_was_written(manifests: list[Manifest]) -> None:
    lock = locked(manifests)
    written = text.to_yaml(lock)
    again = read(written)
    assert again.interface == lock.interface
    assert text.to_yaml(again) == written


@settings(max_examples=40, deadline=None)
@given(MANIFESTS)
def test_the_objects_of_a_lock_have_its_interface(manifests: list[Manifest]) -> None:
    lock = locked(manifests)
    objects = standin.manifests_of(lock)
    assert interface.interface_of(objects) == lock.interface
    assert {each.incomplete for each in objects} <= {"locked"}


@settings(max_examples=40, deadline=None)
@given(MANIFESTS)
def test_every_object_is_found_at_its_line(manifests: list[Manifest]) -> None:
    written = text.to_yaml(locked(manifests))
    lines = written.split("\n")
    found = [each.origin.source.line for each in standin.manifests_of(read(written))]
    assert len(set(found)) == len(found) == len(manifests)
    assert all(lines[line - 1].startswith("  - ") for line in found)


@settings(max_examples=40, deadline=None)
@given(MANIFESTS)
def test_no_value_of_a_secret_or_a_variable_is_ever_written(manifests: list[Manifest]) -> None:
    assert SECRET not in text.to_yaml(locked(manifests))


@settings(max_examples=40, deadline=None)
@given(MANIFESTS, st.randoms())
def test_the_text_does_not_depend_on_any_order(manifests: list[Manifest], random: Any) -> None:
    shuffled = [manifest(backwards(each.body()), each.origin) for each in manifests]
    random.shuffle(shuffled)
    assert text.to_yaml(locked(shuffled)) == text.to_yaml(locked(manifests))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_lock_or_findings(content: bytes) -> None:
    match text.parse(content, "gitops.lock.d/c/n/r.yaml"):
        case Lock():
            raise AssertionError("too short to be one")
        case findings:
            assert findings


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(TEXT, st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=2)))
def test_any_objects_are_read_or_reported(objects: dict[str, Any]) -> None:
    content = {"chart": "c", "version": "1", "digest": "d", "values": "v", "objects": objects}
    written = "\n".join(flow.block(content)).encode()
    lock = text.parse(written, "gitops.lock.d/c/n/r.yaml")
    if isinstance(lock, Lock):
        assert isinstance(lock.interface, Interface)


def backwards(value: Any) -> Any:
    match value:
        case dict():
            return {key: backwards(value[key]) for key in reversed(value)}
        case list():
            return [backwards(each) for each in value]
        case _:
            return value
