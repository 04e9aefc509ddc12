import pytest

from gitops.check.traffic.promql import labels, reading
from gitops.check.traffic.promql.labels import ANY, NONE, Labels, Result

CLOSED = {
    "sum by (a, b) (x)": {"a", "b"},
    "sum(x) by (a)": {"a"},
    "sum(x)": set(),
    "rate(x[5m]) * on (a) y": {"a"},
    "max by (a, b) (x) / on (a) group_left (c) y": {"a", "b", "c"},
    "y * on (a) group_right () max by (b) (x)": {"b"},
    "max by (a, b) (x) > 1": {"a", "b"},
    "time() - max by (a) (x)": {"a"},
    "x / max by (a) (y)": {"a"},
    "max by (a) (x) or max by (b) (y)": {"a", "b"},
    "max by (a) (x) unless y": {"a"},
    "max by (a) (x) ifnot y": {"a"},
    "sum by (a) (x) / ignoring (b) sum by (a, b) (y)": {"a"},
    "sum without (a) (sum by (a, b) (x))": {"b"},
    "sum by (a) (sum by (b) (x))": set(),
    "count_values by (a) ('value', x)": {"a", "value"},
    "histogram(sum by (a) (x)) by (a)": {"a", "vmrange"},
    "topk by (a) (3, max by (a, b) (x))": {"a", "b"},
    "histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])))": {"a"},
    "label_replace(sum by (a) (x), 'b', '$1', 'a', '(.*)')": {"a", "b"},
    "label_set(sum by (a) (x), 'b', 'c')": {"a", "b"},
    "label_move(sum by (a) (x), 'a', 'b')": {"b"},
    "label_keep(x, 'a', 'b')": {"a", "b"},
    "absent(x{a='b', c=~'d', __name__='e'})": {"a"},
    "absent_over_time(x{a='b'}[5m])": {"a"},
    "absent(sum by (a) (x))": set(),
    "vector(1)": set(),
    "(sum by (a) (x), sum by (b) (x))": {"a", "b"},
}

OTHER: dict[str, Result] = {
    "1 + 2": None,
    "time()": None,
    "scalar(x)": None,
    "x": ANY,
    "x{a='', b='c'}": ANY.less({"a"}),
    "rate(x[5m]) / y": ANY,
    "sum without (a) (x)": ANY.less({"a"}),
    "info(sum by (a) (x))": ANY,
    "x or vector(0)": ANY,
    "sum without (a) (x) or sum by (a) (x)": Labels(frozenset({"a"}), True),
    "WITH (f = 1) x": ANY,
}


def made(expression: str) -> Result:
    found = reading.read(expression)
    assert not isinstance(found, str), found
    return labels.of(found)


@pytest.mark.parametrize(("expression", "named"), CLOSED.items())
def test_an_aggregation_leaves_the_labels_that_it_names(expression: str, named: set[str]) -> None:
    assert made(expression) == Labels(frozenset(named))


@pytest.mark.parametrize(("expression", "wanted"), OTHER.items())
def test_a_metric_may_have_any_label(expression: str, wanted: Result) -> None:
    assert made(expression) == wanted


SLIPS = {
    "sum by (a) (x) / sum by (b) (y)": "the sides of '/' have unlike labels (a; b)",
    "sum by (a) (x) / sum(y)": "the sides of '/' have unlike labels (a; none)",
    "sum by (a) (x) unless sum by (a, b) (y)": "the sides of 'unless' have unlike labels (a; a, b)",
    "sum by (a) (x) > ignoring (b) sum by (b) (y)": "the sides of '>' have unlike labels (a; none)",
    "x * on (a) sum by (b) (y)": "the right side of '*' has no label a",
    "sum without (a) (x) * on (a) y": "the left side of '*' has no label a",
    "max by (a) (sum by (b) (x))": "max by (a) of what has no such label any more",
    "histogram_quantile(0.9, sum by (a) (rate(x_bucket[5m])))": (
        "histogram_quantile of what has no label le any more"
    ),
}

RIGHT = [
    "sum by (a) (x) / sum by (a) (y)",
    "sum(x) / sum(y)",
    "sum(x) / 2",
    "sum by (a) (x) or vector(0)",
    "x / sum by (a) (y)",
    "sum by (a, b) (x) / ignoring (b) group_left () sum by (a) (y)",
    "sum by (a, b) (x) / on (a) group_left () sum by (a) (y)",
    "sum by (a) (x) / scalar(sum(y))",
    "max by (a) (vector(1))",
    "histogram_quantile(0.9, sum by (a) (rate(x[5m])))",
    "histogram_quantile(0.9, sum by (le, a) (rate(x_bucket[5m])))",
    "NONE",
]


def slips(expression: str) -> list[str]:
    found = reading.read(expression)
    assert not isinstance(found, str), found
    return [slip.text for slip in labels.slips(found)]


@pytest.mark.parametrize(("expression", "slip"), SLIPS.items())
def test_a_label_that_is_asked_for_and_gone_is_told(expression: str, slip: str) -> None:
    assert slips(expression) == [slip]


@pytest.mark.parametrize("expression", RIGHT)
def test_what_may_match_is_left_alone(expression: str) -> None:
    assert slips(expression) == []


def test_what_no_labels_are_has_none() -> None:
    assert not NONE.has("a")
