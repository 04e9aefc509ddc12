"""Values of ConfigMaps and Secrets, composed as Flux composes them."""

from collections.abc import Mapping
from typing import Any

import pytest

from gitops.build.helm import values
from gitops.build.helm.values import ANY, Datum, Values
from gitops.model import finding
from tests.unit.build.helm.declared import AT, release

Texts = Mapping[str, Mapping[str, str]]
NAME = "HelmRelease/apps/web takes values from"


def composed(
    references: list[dict[str, Any]], texts: Texts, inline: dict[str, Any] | None = None
) -> Values:
    def lookup(kind: str, namespace: str, name: str) -> Mapping[str, Datum] | None:
        assert namespace == "apps"
        found = texts.get(f"{kind}/{name}")
        return None if found is None else {key: Datum(text) for key, text in found.items()}

    spec = {"values": inline or {}, "valuesFrom": references}
    return values.compose(release(spec), lookup)


def config(name: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "ConfigMap", "name": name, **fields}


def test_without_references_the_inline_values_are_taken_as_they_are() -> None:
    assert composed([], {}, {"a": None}) == Values({"a": None})


def test_references_are_merged_in_order_and_inline_values_win() -> None:
    texts = {
        "ConfigMap/one": {"values.yaml": "a: {one: 1, two: 1}\nlist: [1, 2]\n"},
        "Secret/two": {"mine": "a: {two: 2, three: 2}\nlist: [3]\n"},
    }
    references = [config("one"), {"kind": "Secret", "name": "two", "valuesKey": "mine"}]
    assert composed(references, texts, {"a": {"three": 3}}) == Values(
        {"a": {"one": 1, "two": 2, "three": 3}, "list": [3]}
    )


def test_only_the_first_document_counts_and_scalars_are_those_of_helm() -> None:
    texts = {"ConfigMap/one": {"values.yaml": "on: yes\nmode: 0755\n---\nb: 2\n"}}
    assert composed([config("one")], texts) == Values({"true": True, "mode": 493})


@pytest.mark.parametrize(
    ("text", "literal", "value"),
    [
        ("12", False, 12),
        ('"12"', False, "12"),
        ("'true'", False, "true"),
        ("{a,b}", False, ["a", "b"]),
        ("12", True, "12"),
        ("a,b=c {x} [y] \\z\nmore", True, "a,b=c {x} [y] \\z\nmore"),
    ],
)
def test_a_target_path_is_written_with_helms_set_syntax(
    text: str, literal: bool, value: Any
) -> None:
    references = [config("one", valuesKey="k", targetPath="deep.list[0].value", literal=literal)]
    assert composed(references, {"ConfigMap/one": {"k": text}}) == Values(
        {"deep": {"list": [{"value": value}]}}
    )


def test_a_written_value_survives_below_a_mapping_of_the_inline_values() -> None:
    references = [config("one", valuesKey="k", targetPath="auth.password")]
    inline = {"auth": {"password": "inline", "user": "me"}}
    assert composed(references, {"ConfigMap/one": {"k": "written"}}, inline) == Values(
        {"auth": {"password": "written", "user": "me"}}
    )


def test_a_written_value_at_the_top_gives_way_to_an_inline_one() -> None:
    references = [config("one", valuesKey="k", targetPath="password")]
    texts = {"ConfigMap/one": {"k": "written"}}
    assert composed(references, texts, {"password": "inline"}) == Values({"password": "inline"})


def test_a_written_value_below_a_mapping_of_another_reference_gives_way_to_an_inline_one() -> None:
    texts = {"ConfigMap/one": {"values.yaml": "auth: {user: x}\n", "k": "written"}}
    references = [config("one"), config("one", valuesKey="k", targetPath="auth.password")]
    inline = {"auth": {"password": "inline"}}
    assert composed(references, texts, inline) == Values(
        {"auth": {"user": "x", "password": "inline"}}
    )


def test_the_release_itself_is_never_changed() -> None:
    wanted = release({"values": {"a": {"b": 1}}, "valuesFrom": [config("one", targetPath="a.b")]})
    values.compose(wanted, lambda *_: {"values.yaml": Datum("2")})
    assert wanted.spec.values == {"a": {"b": 1}}


def test_what_is_optional_may_be_absent() -> None:
    references = [config("none", optional=True), config("one", valuesKey="no", optional=True)]
    assert composed(references, {"ConfigMap/one": {}}) == Values({})


def test_every_reference_that_leads_nowhere_is_reported() -> None:
    found = composed([config("none"), config("one", valuesKey="no")], {"ConfigMap/one": {}})
    hint = "create it, correct the name, or set optional: true"
    absent = f"{NAME} ConfigMap/none, but nothing here creates it in namespace 'apps'"
    keyless = f"{NAME} ConfigMap/one, but it has no key 'no'"
    assert found.findings == (
        finding.error("helm/missing-values", AT, absent, hint),
        finding.error("helm/missing-values", AT, keyless, hint),
    )


def test_a_secret_that_nothing_creates_may_be_made_by_hand() -> None:
    found = composed([{"kind": "Secret", "name": "none", "targetPath": "a"}], {})
    assert [each.severity for each in found.findings] == [finding.Severity.WARNING]
    assert found.unknown == ("Secret/none: nothing here creates it in namespace 'apps'",)
    assert isinstance(found.data["a"], str)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a\n", "it is no mapping"),
        ("text\n", "it is no mapping"),
    ],
)
def test_text_that_is_no_mapping_needs_a_target_path(text: str, why: str) -> None:
    found = composed([config("one")], {"ConfigMap/one": {"values.yaml": text}})
    message = f"{NAME} ConfigMap/one, but its text cannot be read as values: {why}"
    hint = "values are a YAML mapping; a single value needs a targetPath"
    assert found.findings == (finding.error("helm/unreadable-values", AT, message, hint),)


def test_text_that_is_no_yaml_is_reported() -> None:
    found = composed([config("one")], {"ConfigMap/one": {"values.yaml": "a: [\n"}})
    assert [each.rule for each in found.findings] == ["helm/unreadable-values"]


def test_a_repeated_key_is_told_and_the_last_one_counts() -> None:
    found = composed([config("one")], {"ConfigMap/one": {"values.yaml": "a: 1\na: 2\n"}})
    assert found.data == {"a": 2}
    assert [(each.severity, each.at) for each in found.findings] == [(finding.Severity.WARNING, AT)]


def test_text_that_cannot_be_written_is_reported() -> None:
    references = [config("one", valuesKey="k", targetPath="a.b")]
    found = composed(references, {"ConfigMap/one": {"k": "x,y"}})
    message = f"{NAME} ConfigMap/one, but its text cannot be written to 'a.b': key 'y' has no value"
    hint = (
        "commas, brackets and backslashes in the text are syntax; "
        "set literal: true to take it as it is"
    )
    assert found.findings == (finding.error("helm/target-path", AT, message, hint),)


def test_unknown_values_are_placeholders_where_they_are_written() -> None:
    unknown = Datum("PLACEHOLDER, {x}", "ExternalSecret/apps/web creates it")
    references = [
        {"kind": "Secret", "name": "one", "valuesKey": "k", "targetPath": "a.b"},
        {"kind": "Secret", "name": "one"},
    ]
    wanted = release({"valuesFrom": references})
    found = values.compose(wanted, lambda *_: {"k": unknown, ANY: unknown})
    assert found.data == {"a": {"b": "PLACEHOLDER, {x}"}}
    assert found.unknown == ("Secret/one: ExternalSecret/apps/web creates it",) * 2
    assert found.findings == ()
