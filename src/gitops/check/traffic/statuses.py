"""Matchers for the status of HTTP requests: whether a status can be such.

Many write the class of a status as `5xx`. Some exporters have that as a value (HAProxy, the classes
of ingress-nginx), and so this is told only of series that are known to have numbers, or of which
another question of the same repository asks for a number of that class.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from gitops.check.index import Index
from gitops.check.traffic.promql import expressions
from gitops.check.traffic.promql.expressions import Matcher
from gitops.check.traffic.questions import Question, Questions
from gitops.model.finding import Finding

_LABEL = re.compile(r"(?:\w+_)?(?:code|code_class|status)")
_CLASS = re.compile(r"(?<![\w\\])([1-5]|\[[1-5-]+\]|\((?:\?:)?[1-5](?:\|[1-5])+\))(?:xx|XX)(?!\w)")
_MIXED = ("cortex_", "loki_", "mimir_", "pyroscope_", "tempo_")
"""Programs that have both in one series: numbers of HTTP and classes of gRPC.

Source: grafana/dskit, middleware and instrument."""

_NUMBERS: tuple[tuple[str, str], ...] = (
    ("apiserver_request_", "code"),
    ("envoy_", "envoy_response_code"),
    ("envoy_", "envoy_response_code_class"),
    ("prometheus_http_request", "code"),
    ("promhttp_metric_handler_requests_total", "code"),
    ("rest_client_requests_total", "code"),
    ("traefik_entrypoint_", "code"),
    ("traefik_router_", "code"),
    ("traefik_service_", "code"),
    ("", "http_response_status_code"),
)
"""How the names of series begin, and the label of theirs that holds numbers.

Source: kubernetes/kubernetes, apiserver/pkg/endpoints/metrics and component-base/metrics;
envoyproxy/envoy, source/common/config/well_known_names.cc (a class is one digit);
prometheus/client_golang, promhttp; traefik/traefik, pkg/observability/metrics; opentelemetry.io,
Semantic conventions for HTTP (an int).
"""


Asked = dict[tuple[str, str], list[tuple[Question, Matcher]]]


def impossible(facts: Index) -> Iterator[Finding]:
    """A matcher for a status is one that a status can have."""
    asked = facts.view(_asked)
    for (series, label), found in asked.items():
        for question, matcher in found:
            lost = classes(matcher.sign, matcher.value)
            if lost and (why := _why(series, label, lost, found)):
                yield question.spot(facts).warning(
                    "query/status",
                    f"{question.owned.manifest.id}: {question.whose} asks for {series} with "
                    f"{_shown(matcher)}, and {why}",
                    f"write {_instead(matcher)}",
                )


def _asked(facts: Index) -> Asked:
    """What is asked of labels that may hold a status, by the series and the label."""
    found: Asked = {}
    for question in facts.view(Questions).all:
        for selector in expressions.selectors(question.expression):
            for matcher in (each for some in selector.matchers for each in some):
                if matcher.value and _LABEL.fullmatch(matcher.label):
                    key = selector.name, matcher.label
                    found.setdefault(key, []).append((question, matcher))
    return found


def _why(
    series: str, label: str, lost: frozenset[str], found: list[tuple[Question, Matcher]]
) -> str:
    """Why the values of a label are no classes, or "" where they may be."""
    if any(series.startswith(head) and label == held for head, held in _NUMBERS):
        return "that label holds numbers"
    if not series or series.startswith(_MIXED):
        return ""
    for question, matcher in found:
        if numbers(matcher.sign, matcher.value) & lost:
            return (
                f"{question.whose} of {question.owned.manifest.id} with {_shown(matcher)}: one of "
                "the two is no value of it"
            )
    return ""


def _shown(matcher: Matcher) -> str:
    return f'{matcher.label}{matcher.sign}"{matcher.value}"'


def _instead(matcher: Matcher) -> str:
    """The matcher that was meant; a pattern is needed for all statuses of a class."""
    if matcher.label.endswith("_class"):
        bare = _CLASS.sub(r"\1", matcher.value)
        return _shown(Matcher(matcher.label, matcher.sign, bare))
    sign = "!~" if matcher.sign[0] == "!" else "=~"
    return _shown(Matcher(matcher.label, sign, _CLASS.sub(r"\1..", matcher.value)))


@lru_cache(maxsize=1024)
def classes(sign: str, value: str) -> frozenset[str]:
    """The classes, by their first digit, that a matcher names with `xx` and in no other way."""
    held = _CLASS.finditer(value) if sign in _PATTERNS else _CLASS.fullmatch(value)
    parts = [held] if isinstance(held, re.Match) else held or ()
    digits = {digit for part in parts for digit in _digits(part[1])}
    return frozenset(each for each in digits if not _takes(sign, value, _statuses(each)))


@lru_cache(maxsize=1024)
def numbers(sign: str, value: str) -> frozenset[str]:
    """The classes of which a matcher names statuses by their numbers, and not in a way that takes
    `5xx`, too, as `5..` does."""
    return frozenset(
        digit
        for digit in "12345"
        if _takes(sign, value, _statuses(digit)) and not _takes(sign, value, [f"{digit}xx"])
    )


_PATTERNS = frozenset({"=~", "!~"})


def _digits(written: str) -> str:
    """`5`, `[45]`, `[1-4]` or `(4|5)`."""
    spread = re.sub(r"([1-5])-([1-5])", lambda each: _between(each[1], each[2]), written)
    return "".join(each for each in spread if each.isdigit())


def _between(first: str, last: str) -> str:
    return "".join(str(each) for each in range(int(first), int(last) + 1))


def _statuses(digit: str) -> list[str]:
    return [digit, *(f"{digit}{rest:02}" for rest in range(100))]


def _takes(sign: str, value: str, statuses: list[str]) -> bool:
    """Whether the value of a matcher is one of them. What Python cannot read takes all."""
    if sign not in _PATTERNS:
        return value in statuses
    try:
        pattern = re.compile(value)
    except (re.error, OverflowError):
        return True
    return any(pattern.fullmatch(each) for each in statuses)
