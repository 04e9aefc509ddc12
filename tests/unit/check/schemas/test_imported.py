"""What is said of objects by definitions that were imported, which may be of another release."""

import msgspec
import pytest

from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.schemas import findings, serving
from gitops.model.build import Rendered, Unknown
from gitops.model.secret import placeholder
from tests.unit.check import clusters

KIND = {"type": "string", "enum": ["Kustomization", "HelmRelease"]}
ITEMS = {"type": "object", "properties": {"kind": KIND, "name": {"type": "string"}}}
TOLD = frozenset(("Secret/default/by-hand",))
SPEC = {"eventSources": {"type": "array", "items": ITEMS}, "summary": {"type": "string"}}


def definition(group: str, kind: str) -> bytes | None:
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": SPEC}}}
    versions = [
        {"name": name, "served": True, "schema": {"openAPIV3Schema": schema}}
        for name in ("v1beta3", "v2")
    ]
    names = {"kind": kind}
    known = kind in ("Alert", "CustomResourceDefinition")
    spec = {"group": group, "names": names, "versions": versions}
    return msgspec.json.encode({"spec": spec}) if known else None


def said(
    spec: str,
    group: str = "notification.toolkit.fluxcd.io",
    *,
    version: str = "v1beta3",
    made_up: bool = False,
    outside: frozenset[str] = frozenset(),
) -> list[str]:
    text = (
        f"---\napiVersion: {group}/{version}\nkind: Alert\nmetadata:\n  name: a\n"
        f"  namespace: default\nspec: {spec}\n"
    )
    held = clusters.rendered("a.yaml", text)
    if made_up:
        marked = [
            msgspec.structs.replace(each, incomplete="placeholder") for each in held.manifests
        ]
        held = Rendered(tuple(marked))
    whole = clusters.cluster(clusters.kustomization("a", outcome=held))
    found = findings.refused(Index(whole, Knowledge(imported=definition, outside=outside)))
    return [f"{each.severity} {each.rule}" for each in found]


def test_a_field_that_they_have_not_may_be_newer() -> None:
    assert said("{excluded: true}") == ["warning schema/unknown-field"]


def test_a_field_that_is_nearly_one_of_theirs_is_misspelt() -> None:
    assert said("{sumary: a}") == ["warning schema/unknown-field"]
    assert said("{sumary: a}", outside=TOLD) == ["error schema/unknown-field"]


def test_a_choice_that_they_have_not_may_be_newer() -> None:
    assert said("{eventSources: [{kind: Bucket}]}") == ["warning schema/enum"]


def test_a_choice_that_is_nearly_one_of_theirs_is_misspelt() -> None:
    spec = "{eventSources: [{kind: Kustomisation}]}"
    assert said(spec) == ["warning schema/enum"]
    assert said(spec, outside=TOLD) == ["error schema/enum"]


def test_a_value_of_another_type_was_never_right_where_a_version_is_stable() -> None:
    assert said("{summary: 3}", version="v2") == ["error schema/type"]
    assert said("{summary: 3}") == ["warning schema/type"]
    assert said("{summary: 3}", outside=TOLD) == ["error schema/type"]


@pytest.mark.parametrize("kind", ["FluxInstance", "ResourceSet", "ResourceSetInputProvider"])
def test_flux_operator_adds_its_own_kinds_to_those_that_are_notified_of(kind: str) -> None:
    spec = f"{{eventSources: [{{kind: {kind}}}]}}"
    assert said(spec) == []
    assert said(spec, "example.org") == ["warning schema/enum"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{eventSources: STANDIN}", []),
        ("{eventSources: [{kind: [STANDIN]}]}", []),
        ("{sumary: STANDIN}", ["warning schema/unknown-field"]),
        ("{eventSources: [{kind: [plain]}]}", ["warning schema/type"]),
    ],
)
def test_nothing_is_said_of_what_holds_a_stand_in(spec: str, expected: list[str]) -> None:
    assert said(spec.replace("STANDIN", placeholder("variable", "x")), made_up=True) == expected


def test_a_version_that_they_do_not_serve_is_told_once() -> None:
    text = "---\napiVersion: example.org/v1\nkind: Alert\nmetadata: {name: NAME, namespace: a}\n"
    whole = clusters.cluster(
        clusters.kustomization("a", text.replace("NAME", "one") + text.replace("NAME", "two"))
    )
    found = serving.unserved(Index(whole, Knowledge(imported=definition)))
    assert clusters.told(*found) == [
        "a.yaml:2 warning api/unserved: Alert/a/one and 1 more: version v1 of Alert is not "
        "served, say the imported definitions"
    ]


@pytest.mark.parametrize(
    ("release", "severity"), [("example-operator", "note"), ("something-else", "warning")]
)
def test_a_release_called_like_the_group_may_bring_newer_ones(release: str, severity: str) -> None:
    text = "---\napiVersion: example.org/v1\nkind: Alert\nmetadata: {name: one, namespace: a}\n"
    unseen = clusters.release(release, outcome=Unknown("its chart is not here"))
    whole = clusters.cluster(clusters.kustomization("a", text), unseen)
    (found,) = serving.unserved(Index(whole, Knowledge(imported=definition)))
    assert found.severity == severity
