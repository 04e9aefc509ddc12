"""A report as JUnit XML: a suite for each cluster, a case for each unit.

Source: the schema of Jenkins' xunit plugin, which GitLab and others read as well.
"""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from gitops.model.build import Cluster, Fleet, Suspended, Unit, Unknown
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId
from gitops.ui import phrase


def report(fleet: Fleet, findings: Sequence[Finding]) -> Iterator[str]:
    """Errors fail the case of the unit that applies the object concerned; those that belong to no
    unit fail a case of their own. Warnings and notes are the output of their case."""
    clusters = {cluster.name for cluster in fleet.clusters}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gitops check">\n'
    yield from _suite("repository", {}, [f for f in findings if f.cluster not in clusters])
    for cluster in fleet.clusters:
        own = [found for found in findings if found.cluster == cluster.name]
        yield from _suite(cluster.name, _cases(cluster), own)
    yield "</testsuites>\n"


def _cases(cluster: Cluster) -> dict[str, Unit]:
    return {str(unit.id): unit for unit in cluster.units}


def _suite(name: str, units: dict[str, Unit], findings: Sequence[Finding]) -> Iterator[str]:
    owners = _owners(units)
    cases: dict[str, list[Finding]] = {unit: [] for unit in units}
    for found in findings:
        owner = owners.get(found.subject) if found.subject else None
        cases.setdefault(owner or found.at.path or name, []).append(found)
    failed = sum(any(f.severity is Severity.ERROR for f in case) for case in cases.values())
    skipped = sum(_is_skipped(units.get(case), told) for case, told in cases.items())
    head = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}"'
    yield f"  <testsuite name={_attribute(name)} {head}>\n"
    for case, told in cases.items():
        yield from _case(name, case, told, units.get(case))
    yield "  </testsuite>\n"


def _owners(units: dict[str, Unit]) -> dict[ObjectId, str]:
    objects = {
        manifest.id: name for name, unit in reversed(units.items()) for manifest in unit.manifests
    }
    return objects | {unit.id: name for name, unit in units.items()}


def _is_skipped(unit: Unit | None, findings: Sequence[Finding]) -> bool:
    failed = any(found.severity is Severity.ERROR for found in findings)
    return unit is not None and isinstance(unit.outcome, Unknown | Suspended) and not failed


def _case(suite: str, name: str, findings: Sequence[Finding], unit: Unit | None) -> Iterator[str]:
    place = f" file={_attribute(unit.origin.source.path)}" if unit else ""
    yield f"    <testcase classname={_attribute(suite)} name={_attribute(name)}{place}>\n"
    errors = [found for found in findings if found.severity is Severity.ERROR]
    others = [found for found in findings if found.severity is not Severity.ERROR]
    if errors:
        kinds = ", ".join(dict.fromkeys(found.rule for found in errors))
        message = f"{phrase.count(len(errors), 'error')}: {kinds}"
        yield f'      <failure type="error" message={_attribute(message)}>'
        yield escape("\n".join(map(_told, errors))) + "</failure>\n"
    elif _is_skipped(unit, findings) and unit:
        reason = unit.outcome.reason if isinstance(unit.outcome, Unknown) else "suspended"
        yield f"      <skipped message={_attribute(reason)}/>\n"
    if others:
        yield f"      <system-out>{escape(chr(10).join(map(_told, others)))}</system-out>\n"
    yield "    </testcase>\n"


def _told(found: Finding) -> str:
    hint = f" ({found.hint})" if found.hint else ""
    text = f"{phrase.place(found.at)}: {found.severity} {found.rule}: {found.message}{hint}"
    return "\n".join(map(phrase.printable, text.splitlines()))


def _attribute(text: str) -> str:
    return quoteattr(phrase.printable(text))
