"""The list of backups, against what clusters make, and the page."""

from gitops.archive import backups
from gitops.archive.rotation import Tape
from gitops.check.index import Index
from gitops.model.build import Cluster, Unknown
from gitops.model.finding import Finding
from gitops.sources.tree import MemoryTree
from tests.unit.check import clusters

LIST = """\
---
restore: docs/backups.md
backups:
  - holds: mail
    made-by: ReplicationSource/mail/mail
    bucket: volumes
    kept: 7 days
    restore: A volume
    gigabytes: 3000
"""
WAYS = "# Backups\n\n### A volume\n"

SOURCE = """
---
apiVersion: volsync.backube/v1alpha1
kind: ReplicationSource
metadata: {name: mail, namespace: mail}
spec: {trigger: {schedule: 30 1 * * *}}
"""
JOBS = """
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup-of-files, namespace: files}
spec: {schedule: 0 2 * * *}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: canary, namespace: files}
spec: {schedule: 0 2 * * *}
"""


def facts(*texts: str, hidden: bool = False) -> tuple[Index, ...]:
    units = [clusters.kustomization("web", "".join(texts))]
    if hidden:
        units.append(clusters.kustomization("unseen", outcome=Unknown("no copy of it")))
    return (Index(Cluster("one", "clusters/one", tuple(units))),)


def loaded(text: str = LIST, ways: str = WAYS) -> tuple[backups.Loaded, tuple[Finding, ...]]:
    found, wrong = backups.load(MemoryTree({backups.SOURCE: text, "docs/backups.md": ways}))
    assert found is not None
    return found, wrong


def test_a_list_that_tells_all_is_fine() -> None:
    found, wrong = loaded()
    assert wrong == ()
    assert list(backups.findings(found, facts(SOURCE))) == []


def test_a_backup_that_is_not_listed_is_told() -> None:
    told = clusters.told(*backups.findings(loaded()[0], facts(SOURCE, JOBS)))
    assert told == [
        "docs/backups.yaml:3 error archive/unlisted: CronJob/files/backup-of-files of one makes a "
        "backup that docs/backups.yaml does not list"
    ]


def test_a_backup_that_nobody_makes_is_told() -> None:
    words = (
        "archive/unmade: no cluster has ReplicationSource/mail/mail: the backup of mail is not made"
    )
    assert clusters.told(*backups.findings(loaded()[0], facts())) == [
        f"docs/backups.yaml:5 error {words}"
    ]
    assert clusters.told(*backups.findings(loaded()[0], facts(hidden=True))) == [
        f"docs/backups.yaml:5 note {words}"
    ]


def test_a_backup_without_a_way_back_is_told() -> None:
    assert clusters.told(*loaded(ways="# Backups\n")[1]) == [
        "docs/backups.yaml:8 error archive/no-way-back: docs/backups.md has no heading 'A volume': "
        "nobody knows how mail comes back"
    ]


def test_the_page_tells_who_when_where_and_how_much_goes_to_tape() -> None:
    tapes = (Tape(6, "GIT001L6"), Tape(7, "GIT001L7"))
    text = backups.page(loaded()[0], facts(SOURCE), tapes)
    assert text[text.index("| mail") :] == (
        "| mail | `ReplicationSource/mail/mail` | one | `30 1 * * *` | `volumes` | 7 days | "
        "[A volume](../backups.md#a-volume) |\n"
        "\n"
        "## On tape\n"
        "\n"
        "A run takes about 3000 GB, by the estimates of the list:\n"
        "\n"
        "- LTO-6: 2 cartridges, 95% of them filled at most\n"
        "- LTO-7: 1 cartridge, 95% of them filled at most\n"
    )
