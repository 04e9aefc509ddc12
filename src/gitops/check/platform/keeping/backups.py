"""What is backed up, and where backups lie."""

import json
import re
from collections.abc import Iterator
from typing import Any

from gitops.check import index
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.keeping import holders
from gitops.check.platform.keeping.holders import Holder
from gitops.model import finding
from gitops.model.finding import Finding

_POSTGRES = "postgresql.cnpg.io"
_MAKERS = re.compile(r"backup|kopi|restic|velero|Snapshot(Policy|Schedule)|ReplicationSource")
_TOOLS = re.compile(r"backup|restic|kopia|velero|rclone|borg|pg_dump|pgbackrest", re.I)


def databases(facts: Index) -> Iterator[Finding]:
    """Every PostgreSQL that is not a replica of another has a backup that is made by itself."""
    backed = {
        (each.manifest.id.namespace, at(facts.body(each.manifest), "spec", "cluster", "name"))
        for each in facts.of(_POSTGRES, "ScheduledBackup")
    }
    for owned in facts.of(_POSTGRES, "Cluster"):
        found = owned.manifest.id
        is_replica = at(facts.body(owned.manifest), "spec", "replica", "enabled") is True
        is_seen = not facts.hiding(found.namespace)
        if is_seen and (found.namespace, found.name) not in backed and not is_replica:
            mistake = finding.warning(
                "backup/missing",
                facts.at(owned, "spec"),
                f"{found} has no ScheduledBackup: what it holds is lost with its volumes",
                "add a ScheduledBackup of it, or ignore this with the reason",
            )
            yield index.about(found, mistake)


def volumes(facts: Index) -> Iterator[Finding]:
    """Every volume and bucket that keeps data has a backup, or a reason to have none."""
    for holder in holders.holders(facts):
        if not facts.hiding(holder.namespace) and not _is_covered(facts, holder):
            who = holder.cause.manifest.id
            kept = f" in {holder.what}" if holder.what != who else ""
            gone = f", and {holder.storage_class} deletes it with the claim"
            mistake = finding.warning(
                "backup/missing",
                facts.at(holder.cause, "metadata", "name"),
                f"{who} keeps data{kept}, and nothing makes a backup of it"
                + (gone if holder.deleted else ""),
                f"back it up, or give the reason in the annotation {holders.REASON}",
            )
            yield index.about(who, mistake)


def _is_covered(facts: Index, holder: Holder) -> bool:
    return (
        _is_scheduled(facts, holder)
        or any(_speaks_of(each, holder) for each in facts.view(_resources))
        or any(_speaks_of(job, holder) for job in facts.view(_jobs))
    )


def _is_scheduled(facts: Index, holder: Holder) -> bool:
    """Whether what backs up namespaces takes in the one it lies in."""
    for owned in facts.of("velero.io", "Schedule"):
        spec = at(facts.body(owned.manifest), "spec", "template")
        inside = listing(at(spec, "includedNamespaces")) or ["*"]
        outside = listing(at(spec, "excludedNamespaces"))
        if holder.namespace not in outside and ("*" in inside or holder.namespace in inside):
            return True
    near = facts.of("k8up.io", "Schedule")
    jobs = facts.of("longhorn.io", "RecurringJob")
    return any(each.manifest.id.namespace == holder.namespace for each in near) or any(
        at(facts.body(each.manifest), "spec", "task") == "backup" for each in jobs
    )


def _resources(facts: Index) -> tuple[tuple[str, str], ...]:
    """Custom resources that make backups by their kind or group, such as VolSync's
    ReplicationSource: their namespace and all that they say."""
    found = (owned[0].manifest for owned in facts.owned.values())
    return tuple(
        (each.id.namespace, json.dumps(facts.body(each).get("spec")))
        for each in found
        if "." in each.id.group and _MAKERS.search(f"{each.id.group} {each.id.kind}")
    )


def _jobs(facts: Index) -> tuple[tuple[str, str], ...]:
    """The CronJobs that make backups: their namespace and all that they say."""
    found = []
    for owned in facts.of("batch", "CronJob"):
        spec = mapping(at(facts.body(owned.manifest), "spec", "jobTemplate", "spec", "template"))
        pod = mapping(spec.get("spec"))
        if _TOOLS.search(f"{owned.manifest.id.name} {json.dumps(pod)}"):
            found.append((owned.manifest.id.namespace, _said(pod)))
    return tuple(found)


def _said(pod: dict[str, Any]) -> str:
    """What the containers are told, and what is mounted: the names of images do not count."""
    told = [
        _told(mapping(container))
        for container in listing(pod.get("containers")) + listing(pod.get("initContainers"))
    ]
    return json.dumps([told, pod.get("volumes")])


_SKIPPED = re.compile(r"--skip[ =](\w+)")


def _told(container: dict[str, Any]) -> list[Any]:
    """What a container is told, but for the buckets that it is told to skip.

    Source: docs.gitlab.com, Backup and restore a GitLab chart: `backup-utility --skip lfs` leaves
    out what LFS_BUCKET_NAME says.
    """
    skipped = _SKIPPED.findall(json.dumps([container.get("command"), container.get("args")]))
    names = {f"{each.upper()}_BUCKET_NAME" for each in skipped}
    env = [each for each in listing(container.get("env")) if mapping(each).get("name") not in names]
    return [container.get("command"), container.get("args"), env, container.get("envFrom")]


def _speaks_of(job: tuple[str, str], holder: Holder) -> bool:
    namespace, said = job
    names = {*holder.names, holder.what.name, holder.cause.manifest.id.name}
    words = "|".join(map(re.escape, sorted(names)))
    named = re.search(rf"(?<![\w-])(?:{words})(?![\w-])", said)
    return namespace == holder.namespace and named is not None


def same_ground(facts: Index) -> Iterator[Finding]:
    """A backup does not lie on the machines of what it is a backup of."""
    stores = facts.of("ceph.rook.io", "CephObjectStore")
    for owned, way, url in _targets(facts) if stores else ():
        held = next((each for each in stores if _serves(each, url)), None)
        if held is not None:
            who = owned.manifest.id
            mistake = finding.warning(
                "backup/same-ground",
                facts.at(owned, *way),
                f"{who} puts backups into {held.manifest.id} of the same cluster: they are lost "
                "with what they are of",
                "keep them on machines of their own",
                held.manifest.origin.source,
            )
            yield index.about(who, mistake)


def _serves(store: Owned, url: str) -> bool:
    return f"rook-ceph-rgw-{store.manifest.id.name}." in url


def _targets(facts: Index) -> Iterator[tuple[Owned, tuple[str, ...], str]]:
    """What says where backups go, the field that says it, and the text."""
    plain = (
        ("barmancloud.cnpg.io", "ObjectStore", ("spec", "configuration", "endpointURL")),
        (_POSTGRES, "Cluster", ("spec", "backup", "barmanObjectStore", "endpointURL")),
        ("velero.io", "BackupStorageLocation", ("spec", "config", "s3Url")),
    )
    for group, kind, way in plain:
        for owned in facts.of(group, kind):
            yield owned, way, text(at(facts.body(owned.manifest), *way))
    for owned in facts.of("volsync.backube", "ReplicationSource"):
        for mover in ("restic", "kopia"):
            way = ("spec", mover, "repository")
            name = text(at(facts.body(owned.manifest), *way))
            yield owned, way, _repository(facts, owned.manifest.id.namespace, name)


def _repository(facts: Index, namespace: str, name: str) -> str:
    """What the Secret with the address of a repository, or its source, says."""
    for group, kind in (("", "Secret"), ("external-secrets.io", "ExternalSecret")):
        for owned in facts.of(group, kind):
            body = facts.body(owned.manifest)
            made = text(at(body, "spec", "target", "name")) or owned.manifest.id.name
            if owned.manifest.id.namespace == namespace and made == name:
                return json.dumps(body)
    return ""


RULES = (databases, volumes, same_ground)
