import pytest

from gitops.check.traffic.promql import reading

READ = [
    "up == 0",
    'sum by (pod) (rate(http_requests_total{code=~"5..", job!="x"}[5m])) / 2 > bool 0.5',
    "sum(rate(a[5m])) by (pod)",
    "a * on (pod) group_left (node) b",
    "a and on () b",
    "histogram_quantile(0.99, sum without (pod) (rate(x_bucket[5m] offset 1h)))",
    "max_over_time(rate(x[5m])[1h:1m])",
    "max_over_time(x[1h:])",
    "-2 ^ -3",
    "x @ start()",
    "x @ 1609746000.5 offset -5m",
    '{__name__=~"a.+", b="c",}',
    '{"metric.name", a="b"}',
    "absent(up{job='api'}) or vector(0)",
    "a > 0x1F # why",
    "x default 0",
    "rate(x[5m]) keep_metric_names",
    "sum(x) by (pod) limit 5",
    "x > 10Gi",
    '{a="b" or c="d"}',
    "WITH (f = {a='b'}) sum(x{f})",
    "a ifnot b",
    "rate(x)",
    "alias(x, 'y')",
]

REFUSED = {
    "": "an operand is missing before 'the end'",
    "up ==": "an operand is missing before 'the end'",
    "sum(rate(x[5m])": "',' is missing before 'the end'",
    "sum by (pod (rate(x[5m]))": "',' is missing before '('",
    "sum by (pod)": "'(' is missing after the labels of an aggregation",
    "x{a=b}": "'b' is no text in quotes",
    "x{a}": "a matcher is missing before '}'",
    "x[]": "'[]' has no span of time",
    "x[5 m": "'the end' is no span of time",
    "a b": "unexpected 'b' after a complete expression",
    "up = 0": "unexpected '=' after a complete expression",
    "x{a='b}": 'unexpected "\'b}"',
    "up == 0)": "unexpected ')' after a complete expression",
}


@pytest.mark.parametrize("expression", READ)
def test_what_either_language_has_is_read(expression: str) -> None:
    assert reading.mistake(expression) == ""


@pytest.mark.parametrize(("expression", "why"), REFUSED.items())
def test_what_none_of_them_has_is_told(expression: str, why: str) -> None:
    assert reading.mistake(expression) == why
