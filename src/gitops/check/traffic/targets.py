"""What is scraped, by the labels that scraping gives: whether what is asked of them is there.

Source: prometheus-operator v0.88, pkg/prometheus/promcfg.go, and VictoriaMetrics operator v0.64,
internal/controller/operator/factory/vmagent: `job` is the name of the Service, the label that
`jobLabel` names, or the namespace and name of what scrapes pods and nodes.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check import pods
from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import alerts, questions, sight
from gitops.check.traffic.monitors import COREOS, VICTORIA, Monitor, Monitors, specs
from gitops.check.traffic.promql import expressions
from gitops.check.traffic.promql.expressions import Call, Matcher, Selector
from gitops.check.traffic.questions import Question, Questions
from gitops.model.finding import Finding

_AGENTS = ((COREOS, "Prometheus"), (COREOS, "PrometheusAgent"), (VICTORIA, "VMAgent"))
_OTHERS = (
    (COREOS, "Probe", "probe"),
    (COREOS, "ScrapeConfig", "scrapeConfig"),
    (VICTORIA, "VMNodeScrape", "nodeScrape"),
    (VICTORIA, "VMProbe", "probe"),
    (VICTORIA, "VMScrapeConfig", "scrapeConfig"),
    (VICTORIA, "VMStaticScrape", "staticScrape"),
)
_API_SERVER = {"component": "apiserver", "provider": "kubernetes"}

_SENDERS = re.compile(
    r"(^|/)(alloy|agent|k6|prometheus|pushgateway|telegraf|vector|otel[\w-]*"
    r"|opentelemetry-collector[\w-]*)(:|@|$)"
)
"""Images of programs that bring metrics of their own finding."""


class Given(msgspec.Struct, frozen=True):
    """The jobs and labels that scraping gives in a cluster; None where they may be any."""

    jobs: frozenset[str] | None
    labels: frozenset[str] | None


def given(facts: Index) -> Given:
    """What is known of it. Nothing is where others than operators bring metrics."""
    texts = [repr(spec) for _, spec in _all_specs(facts)]
    if any(_SENDERS.search(image) for image in facts.view(images)) or any(
        "/federate" in each or "additionalScrapeConfigs" in each for each in texts
    ):
        return Given(None, None)
    rules = [rule for _, spec in _all_specs(facts) for rule in _relabelled(spec)]
    jobs = {*_of_services(facts), *_of_others(facts), *_of_rules(rules), *_inline(facts)} - {""}
    any_job = any(_target(rule) == "job" and not _fixed(rule) for rule in rules)
    any_label = any(text(rule.get("action")).startswith("label") for rule in rules)
    labels = {*_ALWAYS, *_labels(facts), *map(_target, rules)}
    return Given(None if any_job else frozenset(jobs), None if any_label else frozenset(labels))


def images(facts: Index) -> frozenset[str]:
    """The images of all containers, for `Index.view`."""
    return frozenset(
        text(container.get("image"))
        for template in pods.templates(facts)
        for _, container in template.containers
    )


SCRAPING = (
    *_AGENTS,
    *((group, kind) for group, kind, _ in _OTHERS),
    (COREOS, "ServiceMonitor"),
    (COREOS, "PodMonitor"),
    (VICTORIA, "VMServiceScrape"),
    (VICTORIA, "VMPodScrape"),
)
"""All that scrapes, and what tells it to."""


def _all_specs(facts: Index) -> Iterator[tuple[Owned, dict[str, Any]]]:
    for group, kind in SCRAPING:
        yield from specs(facts, group, kind)


_RELABELLING = re.compile(r"(?i)^(url|inline|inlineUrl|write)?relabel(ings?|Configs?)$")


def _relabelled(value: Any) -> Iterator[dict[str, Any]]:
    """All rules that change labels of targets, wherever they stand."""
    match value:
        case dict():
            for key, inner in value.items():
                if _RELABELLING.match(str(key)):
                    yield from map(mapping, listing(inner))
                else:
                    yield from _relabelled(inner)
        case list():
            for inner in value:
                yield from _relabelled(inner)
        case _:
            return


def _target(rule: dict[str, Any]) -> str:
    return text(rule.get("targetLabel")) or text(rule.get("target_label"))


def _fixed(rule: dict[str, Any]) -> str:
    """The text that a rule writes, where it is the same for all targets."""
    written = text(rule.get("replacement"))
    return "" if "$" in written else written


def _of_rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    return (_fixed(rule) for rule in rules if _target(rule) == "job")


def _of_services(facts: Index) -> Iterator[str]:
    monitors = facts.view(Monitors)
    for monitor, services in monitors.of_services:
        named = text(monitor.spec.get("jobLabel"))
        yield text(_API_SERVER.get(named, "kubernetes"))
        for service in services:
            yield text(service.labels.get(named)) or service.owned.manifest.id.name
    for monitor, templates in monitors.of_pods:
        yield _own(monitor)
        named = text(monitor.spec.get("jobLabel"))
        yield from (text(each.labels.get(named)) for each in templates if named)


def _own(monitor: Monitor) -> str:
    found = monitor.owned.manifest.id
    return f"{found.namespace}/{found.name}"


def _of_others(facts: Index) -> Iterator[str]:
    for group, kind, prefix in _OTHERS:
        for owned, spec in specs(facts, group, kind):
            found = owned.manifest.id
            own = f"{found.namespace}/{found.name}"
            yield from (text(spec.get("jobName")), own, f"{prefix}/{own}")


_JOB_NAME = re.compile(r"job_name: *[\"']?([^\s\"',}]+)")


def _inline(facts: Index) -> Iterator[str]:
    for _, spec in specs(facts, VICTORIA, "VMAgent"):
        yield from _JOB_NAME.findall(text(spec.get("inlineScrapeConfig")))


_ALWAYS = frozenset(
    {"__name__", "container", "endpoint", "instance", "job", "namespace", "node", "pod", "service"}
) | {"prometheus", "prometheus_agent", "prometheus_replica", "scrape_config"}


def _labels(facts: Index) -> Iterator[str]:
    for group, kind in _AGENTS:
        for _, spec in specs(facts, group, kind):
            yield from map(str, mapping(spec.get("externalLabels")))
            for field in ("replicaExternalLabelName", "prometheusExternalLabelName"):
                yield text(spec.get(field))
            yield text(spec.get("vmAgentExternalLabelName"))
    for _, spec in _all_specs(facts):
        for field in ("targetLabels", "podTargetLabels"):
            yield from map(text, listing(spec.get(field)))
        yield from _static(spec)


def _static(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                if key == "labels":
                    yield from map(str, mapping(inner))
                yield from _static(inner)
        case list():
            for inner in value:
                yield from _static(inner)
        case _:
            return


def strangers(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A job that is asked for is one that something scrapes."""
    found = [facts.view(given).jobs for facts in indexes]
    jobs = frozenset(name for each in found for name in each or ())
    if None in found or not jobs:
        return
    for facts in indexes:
        recorded = facts.view(_recorded)
        for question, matcher in facts.view(_asked):
            names = plain(matcher)
            if matcher.label == "job" and names and not names & (jobs | recorded):
                yield sight.weighed(
                    indexes,
                    question.spot(facts),
                    "query/job-missing",
                    f"{question.owned.manifest.id}: {question.whose} asks for the job "
                    f"{' or '.join(sorted(names))}, and nothing is scraped as that",
                    "the job is the name of the Service, or what a monitor says in jobLabel",
                    " ".join(sorted(names)),
                )


def _recorded(facts: Index) -> frozenset[str]:
    return frozenset(
        text(mapping(entry.body.get("labels")).get("job")) for entry in alerts.entries(facts)
    )


def _asked(facts: Index) -> list[tuple[Question, Matcher]]:
    """All that questions ask of labels, but for what is left open."""
    return [
        (question, matcher)
        for question in facts.view(Questions).all
        for selector in expressions.selectors(question.expression)
        for matchers in selector.matchers
        for matcher in matchers
        if matcher.sign in {"=", "=~"} and matcher.value
    ]


_PLAIN = re.compile(r"\^?\(?([\w./|-]+)\)?\$?")


def plain(matcher: Matcher) -> set[str]:
    """The values that a matcher takes, where they are written out; else none."""
    if "$" in matcher.value.rstrip("$"):
        return set()
    if matcher.sign == "=":
        return {matcher.value}
    found = _PLAIN.fullmatch(matcher.value)
    dotted = found is None or "." in found[1]
    return set() if found is None or dotted else set(found[1].split("|")) - {""}


_OF_TARGETS = frozenset(
    {
        "scrape_duration_seconds",
        "scrape_samples_post_metric_relabeling",
        "scrape_samples_scraped",
        "scrape_series_added",
        "up",
    }
)
"""Series that scraping itself makes: they have the labels of targets and no others."""


def nameless(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """What targets are told apart by is a label that scraping gives them.

    Told where labels are added, if they are: that is where one of another name would stand.
    """
    found = [facts.view(given).labels for facts in indexes]
    known = frozenset(name for each in found for name in each or ())
    if None in found or all(not facts.view(agents) for facts in indexes):
        return
    for facts in indexes:
        wanted = {label: question for question, label in facts.view(_wanted)}
        for label in sorted(set(wanted) - known):
            places = [*facts.view(_adding)] or [wanted[label].spot(facts)]
            for spot in places:
                yield sight.weighed(
                    indexes,
                    spot,
                    "query/target-label",
                    f"{wanted[label].owned.manifest.id}: {wanted[label].whose} tells targets apart "
                    f"by the label {label}, which nothing that scrapes gives them",
                    "give it in externalLabels or by relabelling, or name another label",
                )


def agents(facts: Index) -> list[Owned]:
    """Who scrapes in a cluster, for `Index.view`."""
    return [owned for group, kind in _AGENTS for owned, _ in specs(facts, group, kind)]


def _adding(facts: Index) -> list[Spot]:
    return [
        Spot(facts, owned, ("spec", "externalLabels", str(next(iter(spec["externalLabels"])))))
        for group, kind in _AGENTS
        for owned, spec in specs(facts, group, kind)
        if mapping(spec.get("externalLabels"))
    ]


def _wanted(facts: Index) -> list[tuple[Question, str]]:
    found = [
        (question, label)
        for question in facts.view(Questions).all
        for part in expressions.parts(question.expression)
        for label in _of_part(part)
    ]
    return [*found, *facts.view(questions.listed)]


def _of_part(part: expressions.Expression) -> Iterator[str]:
    match part:
        case Selector(name=name, matchers=matchers) if name in _OF_TARGETS:
            for matcher in (each for some in matchers for each in some):
                if (matcher.sign == "=" and matcher.value) or (
                    matcher.sign == "=~" and plain(matcher)
                ):
                    yield matcher.label
        case Call(grouping=grouping) if grouping and grouping.word == "by":
            asked = [*expressions.selectors(part)]
            if asked and all(each.name in _OF_TARGETS for each in asked):
                yield from grouping.labels
        case _:
            return
