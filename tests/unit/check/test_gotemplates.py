"""What templates of Go name, and where one cannot be read."""

import pytest

from gitops.check import gotemplates


@pytest.mark.parametrize(
    ("template", "keys"),
    [
        ("{{ .password }} {{ $.user | b64enc }}", ["password", "user"]),
        ('{{ index . "client-secret" | toJson }}', ["client-secret"]),
        ('{{ printf "%s{{ .no }}" .a -}}', ["a"]),
        ("{{ (fromJson .file).host }} {{ $x := .a }}{{ $x.b }}", ["file", "a"]),
        ("{{ range . }}{{ .inside }}{{ $.outside }}{{ end }}", ["outside"]),
        ("{{/* .comment */}} {{ `.text` }} .plain", []),
    ],
)
def test_a_template_asks_for_what_stands_after_the_dot_it_was_given(
    template: str, keys: list[str]
) -> None:
    assert [*gotemplates.asked(template)] == keys


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{{ .client-secret }}", [".client-secret"]),
        ("{{ $.a.b-c | quote }}", ["$.a.b-c"]),
        ('{{ add -1 .n }} {{ .a | replace "-" "_" }} {{- .b -}} a-b', []),
    ],
)
def test_a_hyphen_ends_a_name(template: str, names: list[str]) -> None:
    assert [*gotemplates.hyphens(template)] == names
