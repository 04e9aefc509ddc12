"""Templates that give the same text each time."""

import re

import pytest

from gitops.sources.helm import templates
from gitops.sources.helm.templates import Settled, Traits

SEED = "apps/web\nweb/templates/a.yaml"
HELD = 'hasKey (include "gitops.api-versions" . | fromJson)'


def settled(text: str, seed: str = SEED, *, exact: bool = True) -> str:
    return templates.settle(text.encode(), seed, exact_api_versions=exact).text.decode()


def traits(text: str) -> Traits:
    return templates.settle(text.encode(), SEED, exact_api_versions=True).traits


@pytest.mark.parametrize(
    "text",
    [
        "plain text, now and then",
        "{{ .Values.now }}{{ $now }}{{ .keys }}{{ $.Values.uuidv4.x }}",
        '{{ "now" }}{{ `randAlpha 5` }}{{ \'"\' }}',
        "{{/* randAlpha 5 */}}{{- /* now */ -}}",
        '{{ "}} now {{" }}',
        '{{ include "values" . }}',
        "{{ nowhere }}{{ keyset .x }}",
        "{{ never closed now",
        "\ufffd{{ .x }}",
    ],
)
def test_what_calls_no_such_function_stays_as_it_is(text: str) -> None:
    assert templates.settle(text.encode(), SEED, exact_api_versions=True).text == text.encode()
    assert traits(text) == Traits()


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ now }}", '{{ (toDate "2006-01-02" "2000-01-01") }}'),
        ("{{now|date `2006`}}", '{{(toDate "2006-01-02" "2000-01-01")|date `2006`}}'),
        ("{{- ago .x -}}", "{{- coalesce `0s` .x -}}"),
        ("{{ shuffle .x }}", "{{ toString .x }}"),
        ("{{ randInt 1 5 }}", "{{ min 1 5  | int}}"),
        ("{{ randInt 1 5 -}}", "{{ min 1 5 | int -}}"),
        ("{{ randInt 1 5   -}}", "{{ min 1 5 | int   -}}"),
        ("{{ add (randInt 1 5) 2 }}", "{{ add (min 1 5 | int) 2 }}"),
        ("{{ randInt 1 5 | add 2 }}", "{{ min 1 5  | int| add 2 }}"),
        ("{{ keys .a .b }}", "{{ keys .a .b  | sortAlpha}}"),
        ("{{ range $k := keys (dict 1 (keys .a)) }}", None),
        ("{{ $x := .a | keys | join `,` }}", "{{ $x := .a | keys  | sortAlpha| join `,` }}"),
    ],
)
def test_functions_give_way_to_steady_ones(text: str, result: str | None) -> None:
    nested = "{{ range $k := keys (dict 1 (keys .a | sortAlpha))  | sortAlpha}}"
    assert settled(text) == (result or nested)


def test_random_strings_are_cut_from_one_made_of_the_seed() -> None:
    found = re.fullmatch(
        r"a: \{\{ printf `%\.\[2\]\*\[1\]s` `([0-9]{512})` 16 \| quote \}\}",
        settled("a: {{ randNumeric 16 | quote }}"),
    )
    assert found is not None


def test_each_place_has_a_value_of_its_own_and_equal_places_have_equal_ones() -> None:
    text = "{{ uuidv4 }}{{ uuidv4 }}"
    once = settled(text)
    first, second = re.findall("`(.*?)`", once)
    assert first != second
    assert settled(text) == once
    assert settled(text, "apps/other\nweb/templates/a.yaml") != once
    assert settled(text, "apps/web\nweb/templates/b.yaml") != once


def test_a_uuid_looks_like_one() -> None:
    pattern = r"\{\{ `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}` \}\}"
    assert re.fullmatch(pattern, settled("{{ uuidv4 }}"))


def test_certificates_of_a_release_have_one_authority() -> None:
    authority = settled('{{ genCA "a" 365 }}')
    assert authority == settled('{{ genCA "a" 365 }}', "apps/web\nweb/templates/other.yaml")
    assert authority.startswith('{{ dict "Cert" "-----BEGIN CERTIFICATE-----\\n')
    assert authority.endswith('-----END PRIVATE KEY-----\\n" "a" 365 }}')
    assert settled("{{ genSignedCert `a` nil nil 365 $ca }}") != authority


@pytest.mark.parametrize(
    ("kind", "label"),
    [("rsa", "RSA "), ("dsa", "DSA "), ("ecdsa", "EC "), ("ed25519", "")],
)
def test_private_keys_have_the_type_that_was_asked_for(kind: str, label: str) -> None:
    text = settled("{{ genPrivateKey .type }}")
    assert f'"{kind}" "-----BEGIN {label}PRIVATE KEY-----\\n' in text
    assert text.endswith(") .type }}")


@pytest.mark.parametrize(
    "before",
    ["", "$", "$ctx", ".root", "$.root.deep"],
)
def test_api_versions_are_looked_up_among_exactly_those_of_the_cluster(before: str) -> None:
    text = f"{{{{ if not ({before}.Capabilities.APIVersions.Has .x) }}}}"
    assert settled(text) == f"{{{{ if not ({HELD} .x) }}}}"
    assert settled(text, exact=False) == text


def test_api_versions_at_the_end_of_an_expression_are_left_alone() -> None:
    text = "{{ (first .x).Capabilities.APIVersions.Has `v1` }}"
    assert settled(text) == text


def test_the_api_versions_are_held_by_a_template() -> None:
    assert templates.api_versions(["v1", "apps/v1"]) == (
        b'{{ define "gitops.api-versions" }}{"apps/v1":1,"v1":1}{{ end }}'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ randAlpha 5 }}", Traits(uses_random=True)),
        ("{{ now }}", Traits(uses_random=True)),
        ("{{ keys .x }}", Traits()),
        ("{{ values .x }}{{ .values }}", Traits(uses_random=True)),
        ('{{ lookup "v1" "Secret" "a" "b" }}', Traits(uses_lookup=True)),
        ("{{ range .Capabilities.APIVersions }}", Traits(uses_api_versions=True)),
        ("{{ with .Capabilities }}{{ .APIVersions.Has `v1` }}", Traits(uses_api_versions=True)),
    ],
)
def test_what_a_template_may_do_is_told(text: str, expected: Traits) -> None:
    assert traits(text) == expected


def test_an_action_that_is_never_closed_costs_no_more_than_its_length() -> None:
    text = "{{ now " + "/* x */ " * 5000
    assert settled(text) == text


def test_changed_actions_lead_back_to_what_they_were() -> None:
    result = templates.settle(b"a {{ now }} b {{ .x }}", SEED, exact_api_versions=True)
    assert result == Settled(
        b'a {{ (toDate "2006-01-02" "2000-01-01") }} b {{ .x }}',
        Traits(uses_random=True),
        {'{{ (toDate "2006-01-02" "2000-01-01") }}': "{{ now }}"},
    )


def test_bytes_that_are_no_text_pass_through() -> None:
    raw = b"\xff\xfe{{ uuidv4 }}\x80"
    result = templates.settle(raw, SEED, exact_api_versions=True).text
    assert result.startswith(b"\xff\xfe{{ `")
    assert result.endswith(b"` }}\x80")


@pytest.mark.parametrize(
    ("values", "varies"),
    [
        (b'{"a": "{{ randAlpha 5 }}"}', True),
        (b'{"a": "{{ .x | upper }} randAlpha"}', False),
        (b'{"a": "{{ now }}"}', False),
        (b'{"a": "randAlpha"}', False),
    ],
)
def test_values_vary_when_they_hold_template_text_that_does(values: bytes, varies: bool) -> None:
    assert templates.may_vary(values) is varies
