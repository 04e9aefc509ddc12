"""Objects of kinds and versions that the cluster does not have, or soon will not have.

Source: `lifecycle` for the kinds of Kubernetes; of custom resources their own definitions.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from gitops.check import index
from gitops.check.index import Index, Owned
from gitops.check.schemas import lifecycle
from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.definitions import Version, definitions
from gitops.check.schemas.findings import is_whole
from gitops.check.schemas.lifecycle import Lifetime
from gitops.model import finding
from gitops.model.build import Unknown
from gitops.model.finding import Finding, Severity
from gitops.model.origin import NOWHERE

_NEVER = Lifetime("")


def unserved(facts: Index) -> Iterator[Finding]:
    """An object of a version that the API server does not have cannot be applied."""
    right: set[tuple[str, str, str]] = set()
    doubted: dict[tuple[str, str, str], list[Owned]] = {}
    known = facts.view(definitions)
    for owners in facts.owned.values():
        about = owners[0].manifest.id
        what = (about.group, about.version, about.kind)
        if what in right:
            continue
        if what in doubted or _is_doubted(facts, owners[0]):
            doubted.setdefault(what, []).append(owners[0])
            continue
        found = tuple(_unserved_of(facts, owners[0]))
        yield from found
        if not found:
            right.add(what)
    for (group, _, kind), several in doubted.items():
        yield _doubted(facts, several, known.versions(group, kind))


def _unserved_of(facts: Index, owned: Owned) -> Iterator[Finding]:
    """Whether there is anything to say depends only on group, version and kind."""
    known, pinned = facts.view(definitions), facts.knowledge.kube_version
    about = owned.manifest.id
    versions, lifetime = known.versions(about.group, about.kind), _lifetime(owned)
    if lifetime.is_removed(pinned) and about.version not in versions:
        yield _removed(facts, owned, lifetime, versions)
    elif versions:
        yield from _of_versions(facts, owned, versions)
    elif lifetime.is_deprecated(pinned):
        yield _deprecated(facts, owned, "", [])
    elif known.builtin.has_group(about.group):
        yield _unheard(facts, owned, known.builtin)


def _is_doubted(facts: Index, owned: Owned) -> bool:
    """Whether only imported definitions say that a version is not served: they may be of another
    release than the one that runs."""
    about = owned.manifest.id
    versions = facts.view(definitions).versions(about.group, about.kind)
    imported = not any(each.home or each.builtin for each in versions.values())
    served = about.version in versions and versions[about.version].served
    return bool(versions) and imported and not served


def _doubted(facts: Index, several: list[Owned], versions: dict[str, Version]) -> Finding:
    """All objects of one version at once: it is one definition that is told of. Where a release
    that cannot be seen may bring the definition, that is the one that counts."""
    owned, about = several[0], several[0].manifest.id
    tell = finding.note if _may_be_brought(facts, about.group) else finding.warning
    more = f" and {len(several) - 1} more" if len(several) > 1 else ""
    served = " or ".join(_served(owned, versions))
    return index.about(
        about,
        tell(
            "api/unserved",
            facts.at(owned, "apiVersion"),
            f"{about}{more}: version {about.version} of {about.kind} is not served, say the "
            "imported definitions",
            (f"write {served}" if served else "its definition serves no version at all")
            + "; or import the definitions of the release that runs there",
        ),
    )


def _may_be_brought(facts: Index, group: str) -> bool:
    """Whether a unit that cannot be seen is called like the group, as what brings its definitions
    commonly is: external-secrets those of external-secrets.io."""
    unseen = [each.id.name for each in facts.cluster.units if isinstance(each.outcome, Unknown)]
    words = [word for word in group.split(".") if len(word) > _SHORT and word not in _COMMON]
    return any(word in name for word in words for name in unseen)


_SHORT = 3
_COMMON = {"cluster", "operator", "toolkit"}


def _lifetime(owned: Owned) -> Lifetime:
    about = owned.manifest.id
    return lifecycle.TABLE.get((about.api_version, about.kind), _NEVER)


def _removed(
    facts: Index, owned: Owned, lifetime: Lifetime, versions: dict[str, Version]
) -> Finding:
    about, since = owned.manifest.id, lifetime.removed
    instead = " or ".join(_served(owned, versions)) or lifetime.instead
    hint = f"write it as {instead}" if instead else "remove it: nothing comes in its place"
    message = f"{about}: Kubernetes serves {about.api_version} no more since {since}"
    place = facts.at(owned, "apiVersion")
    found = finding.error("api/removed", place, message, hint)
    if facts.knowledge.kube_version_assumed:
        pinned = facts.knowledge.kube_version
        found = finding.warning(
            "api/removed",
            place,
            f"{message}, and {pinned} is taken because none is named",
            f"{hint}; or name the version that runs there, as kube-version in gitops.toml",
        )
    return index.about(about, found)


def _of_versions(facts: Index, owned: Owned, versions: dict[str, Version]) -> Iterator[Finding]:
    about = owned.manifest.id
    version = versions.get(about.version)
    if version is None or not version.served:
        yield index.about(about, _unserved(facts, owned, versions))
    elif version.deprecated or _lifetime(owned).is_deprecated(facts.knowledge.kube_version):
        yield _deprecated(facts, owned, version.deprecated, _served(owned, versions))


def _served(owned: Owned, versions: dict[str, Version]) -> list[str]:
    group = owned.manifest.id.group
    return [f"{group}/{name}".lstrip("/") for name in versions if versions[name].served]


def _unserved(facts: Index, owned: Owned, versions: dict[str, Version]) -> Finding:
    about = owned.manifest.id
    served = _served(owned, versions)
    hint = f"write {' or '.join(served)}" if served else "its definition serves no version at all"
    homes = [each.home.manifest.origin.source for each in versions.values() if each.home][:1]
    place = facts.at(owned, "apiVersion")
    message = f"{about}: version {about.version} of {about.kind} is not served"
    is_builtin = any(each.builtin for each in versions.values())
    if is_builtin and facts.knowledge.kube_version_assumed:
        pinned = facts.knowledge.kube_version
        more = f"{hint}; or name the version that runs there, as kube-version in gitops.toml"
        message = f"{message} by Kubernetes {pinned}, which is taken because none is named"
        tell = finding.note if _is_newer(about.version, versions) else finding.warning
        return tell("api/unserved", place, message, more)
    return finding.error("api/unserved", place, message, hint, *homes)


def _is_newer(version: str, versions: dict[str, Version]) -> bool:
    """Whether a kind that is not stable yet has this version in a later Kubernetes."""
    wanted = _stage(version)
    known = [_stage(each) for each in versions if versions[each].served]
    return bool(known) and max(known) < wanted and not any(map(_STABLE.fullmatch, versions))


def _stage(version: str) -> tuple[str, int, int]:
    """Orders alpha before beta before stable versions; what is no version comes first."""
    found = _STAGE.fullmatch(version)
    return (found[2] or "stable", int(found[1]), int(found[3] or 0)) if found else ("", 0, 0)


_STAGE = re.compile(r"v(\d+)(?:(alpha|beta)(\d+))?")
_STABLE = re.compile(r"v\d+")


def _unheard(facts: Index, owned: Owned, builtin: Builtin) -> Finding:
    """A group of Kubernetes itself has no such kind, and nobody defines it."""
    about, pinned = owned.manifest.id, facts.knowledge.kube_version
    near = difflib.get_close_matches(about.kind, builtin.kinds(about.group), 1)
    homes = [group for group in builtin.groups(about.kind) if group != about.group]
    hint = f"did you mean {near[0]}?" if near else "correct the kind or the group"
    if homes and about.kind not in near:
        hint = f"its group is {homes[0] or 'the core group, v1'}"
    group = about.group or "the core group"
    message = f"{about}: Kubernetes {pinned} has no kind {about.kind} in {group}"
    found = finding.error("api/no-such-kind", facts.at(owned, "kind"), message, hint)
    if facts.knowledge.kube_version_assumed:
        found = msgspec.structs.replace(found, severity=Severity.WARNING)
    return index.about(about, found)


def _deprecated(facts: Index, owned: Owned, said: str, served: list[str]) -> Finding:
    """`said` is the warning of a definition, or only that it is deprecated."""
    about, lifetime = owned.manifest.id, _lifetime(owned)
    others = [each for each in served if each != about.api_version]
    instead = " or ".join(others) or lifetime.instead or "whatever its vendor names"
    words = f" since Kubernetes {lifetime.deprecated}" if lifetime.deprecated else ""
    words += f", and gone in {lifetime.removed}" if lifetime.removed else ""
    warning = f": {said}" if said not in ("", "deprecated") else ""
    message = f"{about}: {about.api_version} is deprecated{words}{warning}"
    place = facts.at(owned, "apiVersion")
    hint = f"write it as {instead}"
    return index.about(about, finding.warning("api/deprecated", place, message, hint))


def unchecked(facts: Index) -> Iterator[Finding]:
    """How many objects of which kinds no schema was found for; each is an error where schemas are
    required."""
    has: dict[tuple[str, str, str], bool] = {}
    absent = [owned for owned in _applied(facts) if not _is_held(facts, owned, has)]
    if facts.knowledge.require_schemas:
        for owned in absent:
            about = owned.manifest.id
            message = f"{about} is not checked: no schema of {about.api_version} {about.kind}"
            place = facts.at(owned, "kind")
            yield index.about(about, finding.error("schema/absent", place, message, _WAY_OUT))
        return
    kinds = Counter(_named(owned) for owned in absent if not _is_flux(owned))
    if kinds:
        listed = ", ".join(f"{kind} ({count})" for kind, count in sorted(kinds.items()))
        message = f"no schema is here for {listed}: what such objects hold is not checked"
        yield finding.note("schema/absent", NOWHERE, message, _WAY_OUT)


_WAY_OUT = "`gitops schemas import DIR|FILE` keeps CustomResourceDefinitions for this"


def _applied(facts: Index) -> Iterator[Owned]:
    return (owners[0] for owners in facts.owned.values() if is_whole(owners[0]))


def _is_held(facts: Index, owned: Owned, has: dict[tuple[str, str, str], bool]) -> bool:
    about = owned.manifest.id
    what = (about.group, about.version, about.kind)
    if what not in has:
        has[what] = _has_schema(facts, owned)
    return has[what]


def _has_schema(facts: Index, owned: Owned) -> bool:
    about = owned.manifest.id
    if _lifetime(owned).is_removed(facts.knowledge.kube_version):
        return True
    known = facts.view(definitions)
    versions = known.versions(about.group, about.kind)
    if not versions and known.builtin.has_group(about.group):
        return True  # There is no such kind, and that is told.
    version = versions.get(about.version)
    return (version is None and bool(versions)) or (version is not None and version.is_known)


def _named(owned: Owned) -> str:
    about = owned.manifest.id
    return f"{about.kind}.{about.group}" if about.group else about.kind


def _is_flux(owned: Owned) -> bool:
    """Flux's own kinds: the compiler reads them, and says what Flux would."""
    return owned.manifest.id.group.endswith(".toolkit.fluxcd.io")
