"""What alerts and dashboards ask: whether it can be read, and whether it can have an answer."""

from collections.abc import Iterator

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic import questions
from gitops.check.traffic.promql import labels
from gitops.check.traffic.questions import Dashboard, Questions, Way
from gitops.model.finding import Finding


def apart(facts: Index) -> Iterator[Finding]:
    """What is put together has labels in common, and what labels are asked for are still there."""
    for each in facts.view(Questions).all:
        for slip in labels.slips(each.expression):
            yield each.spot(facts).warning(
                "query/label-lost",
                f"{each.owned.manifest.id}: {each.whose}: {slip.text}",
                "aggregate both sides by the same labels, or say with on () which are compared",
            )


def unreadable(facts: Index) -> Iterator[Finding]:
    """Every question of a dashboard can be read."""
    for each in facts.view(Questions).of_dashboards:
        if each.mistake:
            yield each.spot(facts).error(
                "dashboard/expression",
                f"{each.owned.manifest.id}: {each.whose} cannot be read: {each.mistake}",
                "correct the expression: the panel shows an error in the place of its graph",
            )


def undeclared(facts: Index) -> Iterator[Finding]:
    """Every variable that a question names is one of its dashboard.

    Source: grafana.com/docs, Variables: those that begin with two underscores are Grafana's own.
    An unknown one is left as it is written.
    """
    for dashboard in facts.view(Questions).dashboards:
        known = {text(each.get("name")) for _, each in dashboard.variables} | dashboard.inputs
        for way, asked in _texts(dashboard):
            lost = {each for each in questions.used(asked) if each not in known}
            for name in sorted(each for each in lost if not each.startswith("__")):
                yield Spot(facts, dashboard.owned, way).error(
                    "dashboard/variable-missing",
                    f"{dashboard.owned.manifest.id} uses ${name} and has no such variable",
                    f"it has {', '.join(sorted(known)) or 'none'}",
                )


def _texts(dashboard: Dashboard) -> Iterator[tuple[Way, str]]:
    """What is asked of metrics. A named part of a regular expression looks like a variable."""
    for way, panel in dashboard.panels:
        for number, each in enumerate(listing(panel.get("targets"))):
            asked = text(mapping(each).get("expr"))
            if "(?P<" not in asked and "(?<" not in asked:
                yield (*way, "targets", number, "expr"), asked
        if repeated := text(panel.get("repeat")):
            yield (*way, "repeat"), f"${repeated}"
    for way, each in dashboard.variables:
        if each.get("type") == "query":
            asked = text(each.get("query")) or text(mapping(each.get("query")).get("query"))
            yield (*way, "query"), asked


def alike(facts: Index) -> Iterator[Finding]:
    """No two dashboards have one uid: Grafana keeps the one that came last.

    Source: grafana.com/docs, Dashboard JSON model, `uid`; in one Grafana.
    """
    seen: dict[tuple[str, str], Dashboard] = {}
    for dashboard in facts.view(questions.dashboards):
        uid = text(dashboard.model.get("uid"))
        key = (
            uid,
            str(facts.body(dashboard.owned.manifest).get("spec", {}).get("instanceSelector")),
        )
        first = seen.setdefault(key, dashboard)
        if uid and first.owned is not dashboard.owned:
            yield Spot(facts, dashboard.owned, (*dashboard.way, "uid")).error(
                "dashboard/duplicate",
                f"{dashboard.owned.manifest.id} has the uid {uid!r} of {first.owned.manifest.id}: "
                "Grafana keeps one of them",
                "give it a uid of its own",
                first.owned,
            )
