import pytest

from gitops.check.traffic.promql import templates

READ = [
    "no template at all",
    "{{ $labels.pod }} is down: {{ $value | humanizePercentage }}",
    "{{- .Labels.pod -}}",
    "{{/* why {{ */}} x",
    "{{ if gt $value 0.5 }}much{{ else if eq $labels.a `b` }}some{{ else }}little{{ end }}",
    '{{ range query "up{job=\\"a\\"}" }}{{ .Labels.instance }} {{ . | value }}{{ end }}',
    "{{ with printf \"up{pod='%s'}\" $labels.pod | query }}{{ . | first | value }}{{ end }}",
    "{{ $x := $value }}{{ $x }}",
    "{{ range $i, $e := query `up` }}{{ $i }}{{ $e.Value }}{{ end }}",
    '{{ template "name" . }}',
    '{{ printf "%.2f" (index $externalLabels "a") }}',
    "{{ $labels.a | reReplaceAll `(.*):.*` `$1` }} {{ -1 }} {{ 1.5e3 }}",
    '{{ "}}" }}',
]

REFUSED = {
    "{{ $labels.pod } is down": "has a template that is not closed",
    "{{ $value | humanisePercentage }}": (
        "has {{ $value | humanisePercentage }}: there is no function 'humanisePercentage'"
    ),
    "{{ $label.pod }}": "has {{ $label.pod }}: there is no variable $label",
    "{{ labels.pod }}": "has {{ labels.pod }}: there is no function 'labels'",
    "{{ if $value }}": "has 1 blocks and 0 times `end`",
    "{{ (len $value }}": "has {{ (len $value }}: '(' is not closed",
    "{{ len $value) }}": "has {{ len $value) }}: ')' closes nothing",
    "{{ $value | }}": "has {{ $value | }}: nothing follows '|'",
    '{{ printf "%s }}': "has {{ printf \"%s }}: unexpected '\"%s '",
    "{{ $labels.a && $labels.b }}": ("has {{ $labels.a && $labels.b }}: unexpected '&& $labe'"),
}


@pytest.mark.parametrize("template", READ)
def test_what_go_reads_is_read(template: str) -> None:
    assert templates.mistake(template) == ""


@pytest.mark.parametrize(("template", "why"), REFUSED.items())
def test_what_go_refuses_is_told(template: str, why: str) -> None:
    assert templates.mistake(template) == why


def test_the_labels_that_a_template_asks_for_are_known() -> None:
    text = '{{ $labels.a }} {{ .Labels.b | title }} {{ index $labels "c" }} {{ $value }}'
    assert templates.labels(text) == ["a", "b", "c"]


def test_in_a_loop_the_dot_is_another_series() -> None:
    text = "{{ range query `up` }}{{ .Labels.a }} {{ $labels.b }}{{ end }}{{ .Labels.c }}"
    assert templates.labels(text) == ["b", "c"]


def test_a_label_that_is_only_tried_is_not_asked_for() -> None:
    assert templates.labels("{{ if $labels.a }}{{ $labels.a }}{{ end }}") == []
