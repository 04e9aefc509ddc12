"""Backups of PostgreSQL: whether they can be made, and whether anything can be made of them.

Source: cloudnative-pg.io, Backup: `method` is barmanObjectStore where nothing is said, and the
Cluster has to be set up for it; WAL archiving: a backup that was made while the database ran is
whole only with the log of that time. cloudnative-pg.io/plugin-barman-cloud, `isWALArchiver`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_GROUP = "postgresql.cnpg.io"
_BARMAN = "barman-cloud.cloudnative-pg.io"


def methods(facts: Index) -> Iterator[Finding]:
    """A backup is made by a method that its Cluster is set up for."""
    for kind in ("ScheduledBackup", "Backup"):
        for owned in facts.of(_GROUP, kind):
            spec = mapping(facts.body(owned.manifest).get("spec"))
            name = text(at(spec, "cluster", "name"))
            cluster = facts.find(_GROUP, "Cluster", owned.manifest.id.namespace, name)
            why = (
                _unready(mapping(facts.body(cluster.manifest).get("spec")), spec) if cluster else ""
            )
            if cluster and why:
                yield Spot(facts, owned, ("spec", "method")).error(
                    "backup/method",
                    f"{owned.manifest.id}: {cluster.manifest.id} {why}: no backup is made",
                    "name the method that the Cluster is set up for",
                    cluster,
                )


def _unready(cluster: dict[str, Any], spec: dict[str, Any]) -> str:
    """What a Cluster lacks for a method."""
    method = text(spec.get("method")) or "barmanObjectStore"
    if method == "plugin":
        name = text(at(spec, "pluginConfiguration", "name"))
        plugins = [mapping(each) for each in listing(cluster.get("plugins"))]
        named = [each for each in plugins if each.get("name") == name]
        if not any(each.get("enabled") is not False for each in named):
            return f"has no plugin {name!r}"
        return ""
    return "" if at(cluster, "backup", method) else f"has no spec.backup.{method}"


def archives(facts: Index) -> Iterator[Finding]:
    """Who makes backups of a running PostgreSQL archives its log as well."""
    for owned in facts.of(_GROUP, "Cluster"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        plugins = [mapping(each) for each in listing(spec.get("plugins"))]
        archived = any(each.get("isWALArchiver") is True for each in plugins)
        for number, each in enumerate(plugins):
            is_on = each.get("name") == _BARMAN and each.get("enabled") is not False
            if is_on and not archived and not at(spec, "backup", "barmanObjectStore"):
                yield Spot(facts, owned, ("spec", "plugins", number, "isWALArchiver")).error(
                    "backup/unarchived",
                    f"{owned.manifest.id} makes backups and does not archive its log: none of them "
                    "can be restored",
                    "set isWALArchiver: true",
                )


RULES = (methods, archives)
