"""Operators and what they run, or are defined by."""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.fields import at, text
from gitops.check.index import Index, Owned
from gitops.check.platform.images import references
from gitops.check.platform.versions import facts as known
from gitops.check.platform.versions.rules import charts
from gitops.model import finding, semver
from gitops.model.finding import Finding
from gitops.model.semver import Version

_RUNNERS = "gha-runner-scale-set"
_CONTROLLER = f"{_RUNNERS}-controller"
_VM_OPERATOR, _VM_CRDS = "victoria-metrics-operator", "victoria-metrics-operator-crds"


def ceph(facts: Index) -> Iterator[Finding]:
    """Rook runs the version of Ceph that is asked for."""
    rook = [version for _, chart, version, _ in facts.view(charts) if chart == "rook-ceph"]
    for owned in facts.of("ceph.rook.io", "CephCluster"):
        way = ("spec", "cephVersion", "image")
        ceph = _tag(text(at(facts.body(owned.manifest), *way)))
        for version in rook:
            window = known.ROOK.get((version.major, version.minor))
            if ceph and window and not _is_run(ceph, window):
                who = owned.manifest.id
                mistake = finding.error(
                    "version/pair",
                    facts.at(owned, *way),
                    f"{who} wants Ceph {ceph}, and Rook {version} runs "
                    f"{' and '.join(map(str, window[1]))} from {_dotted(window[0])} on",
                    "choose a version that it runs; the bounds are from rook/rook, version.go",
                )
                yield index.about(who, mistake)


def _is_run(ceph: Version, window: known.CephWindow) -> bool:
    least, majors = window
    return ceph.major in majors and (ceph.major, ceph.minor, ceph.patch) >= least


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _tag(image: str) -> Version | None:
    found = references.parse(image)
    return semver.parse(found.tag.partition("-")[0]) if found else None


def postgres(facts: Index) -> Iterator[Finding]:
    """CloudNativePG runs the major version of PostgreSQL that is asked for."""
    operator = _operator(facts)
    window = known.POSTGRES.get((operator.major, operator.minor)) if operator else None
    for owned in facts.of("postgresql.cnpg.io", "Cluster") if window else ():
        way = ("spec", "imageName")
        wanted = _tag(text(at(facts.body(owned.manifest), *way)))
        if wanted and window and not window[0] <= wanted.major <= window[1]:
            who = owned.manifest.id
            mistake = finding.error(
                "version/pair",
                facts.at(owned, *way),
                f"{who} wants PostgreSQL {wanted.major}, and CloudNativePG {operator} runs "
                f"{window[0]} to {window[1]}",
                "choose a version that it runs; the range is from supported_releases.md",
            )
            yield index.about(who, mistake)


def _operator(facts: Index) -> Version | None:
    """The version of CloudNativePG, by the image that it runs as."""
    for owned in facts.of("apps", "Deployment"):
        containers = at(facts.body(owned.manifest), "spec", "template", "spec", "containers")
        image = text(at(containers, 0, "image"))
        if "/cloudnative-pg:" in image:
            return _tag(image)
    return None


def victoria(facts: Index) -> Iterator[Finding]:
    """The operator of VictoriaMetrics and its definitions are of one release."""
    found: dict[str, tuple[Owned, str, Version]] = {}
    for owned, chart, version, _ in facts.view(charts):
        release = known.VICTORIA.get((chart, version.minor, version.patch)) or known.VICTORIA.get(
            (chart, version.minor, None)
        )
        if release:
            found[chart] = (owned, release, version)
    if {_VM_OPERATOR, _VM_CRDS} <= found.keys():
        owned, release, version = found[_VM_CRDS]
        other, wanted, running = found[_VM_OPERATOR]
        if release != wanted:
            who = owned.manifest.id
            mistake = finding.warning(
                "version/pair",
                owned.manifest.origin.source,
                f"{who}: {_VM_CRDS} {version} has the definitions of {release}, and {_VM_OPERATOR} "
                f"{running} is {wanted}",
                "move both together; the releases are from VictoriaMetrics/helm-charts",
                other.manifest.origin.source,
            )
            yield index.about(who, mistake)


def runners(facts: Index) -> Iterator[Finding]:
    """Runners for GitHub are of the minor version of their controller, which removes all others.

    Source: actions/actions-runner-controller, apis/actions.github.com/v1alpha1/version.go.
    """
    found = facts.view(charts)
    controllers = [(owned, version) for owned, chart, version, _ in found if chart == _CONTROLLER]
    versions = {(version.major, version.minor) for _, version in controllers}
    for owned, chart, version, spot in found if len(versions) == 1 else ():
        if chart == _RUNNERS and (version.major, version.minor) not in versions:
            other, wanted = controllers[0]
            mistake = spot.error(
                "version/pair",
                f"{owned.manifest.id}: {_RUNNERS} {version} goes with a controller of the same "
                f"minor version, and there is {wanted}: it removes the runners",
                "move both together",
                owned,
                other,
            )
            yield index.about(owned.manifest.id, mistake)


RULES = (ceph, postgres, runners, victoria)
