import pytest

from gitops.check.traffic import counters
from gitops.check.traffic.promql import reading

BARE = {
    "a_total > 5": [("a_total", "5")],
    "a_total >= 5": [("a_total", "5")],
    "5 < a_total": [("a_total", "5")],
    "sum by (b) (a_total{c='d'}) > 5": [("a_total", "5")],
    "max(sum(a_total) by (b)) > bool 5": [("a_total", "5")],
    "(a_total) > 5": [("a_total", "5")],
    "a_total > 5 or b_total > 6": [("a_total", "5"), ("b_total", "6")],
    "a_total > 5 or rate(b_total[5m]) > 6": [("a_total", "5")],
}

OTHER = [
    "a > 5",
    "a_total < 5",
    "5 > a_total",
    "a_total == 0",
    "a_total != 0",
    "a_total > b_total",
    "a_total",
    "rate(a_total[5m]) > 5",
    "sum(increase(a_total[5m])) > 5",
    "count(a_total) > 5",
    "absent(a_total) > 0",
    "changes(a_total[5m]) > 0",
    "a_total - a_total offset 1h > 5",
    "a_total > 5 unless a_total offset 1h > 5",
    "a_total > 5 and b",
    "a_total / b_total > 0.5",
    "job:a_total > 5",
    "{job='a'} > 5",
    "(a_total > 5) * on (b) group_left (c) d",
]


@pytest.mark.parametrize("text", BARE)
def test_a_counter_that_is_compared_itself_is_found(text: str) -> None:
    assert _compared(text) == BARE[text]


@pytest.mark.parametrize("text", OTHER)
def test_nothing_is_said_of_what_may_end(text: str) -> None:
    assert _compared(text) == []


SPANS = [
    "errors in the last 5 minutes",
    "errors for more than 5 minutes",
    "more than 3 errors within 10m",
    "10 errors per second",
    "over the past hour",
    "errors in an hour",
]


@pytest.mark.parametrize("text", SPANS)
def test_a_span_of_time_is_found_in_a_text(text: str) -> None:
    assert counters.tells_of_a_span(text)


@pytest.mark.parametrize("text", ["errors", "more than 5 errors", "look in the log", "last error"])
def test_other_words_tell_of_no_span_of_time(text: str) -> None:
    assert not counters.tells_of_a_span(text)


def _compared(text: str) -> list[tuple[str, str]]:
    read = reading.read(text)
    assert not isinstance(read, str)
    return list(counters.compared(read))
