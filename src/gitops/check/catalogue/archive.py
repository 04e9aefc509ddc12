"""Rules about the list of backups."""

from gitops.check import rule

RULES = (
    rule.error(
        "archive/no-way-back",
        "A backup has no way back",
        rationale="""
            Whoever needs a backup needs it at once, and has never done it before. What is written
            nowhere is tried out on the only copy.
            """,
        example="""
            # docs/backups.yaml, while docs/backups.md has no heading `Mail`
            backups:
              - holds: mail
                restore: Mail
            """,
        fix="write the commands under a heading of that name, or name the heading that is there.",
    ),
    rule.error(
        "archive/unlisted",
        "A cluster makes a backup that the list does not tell of",
        rationale="""
            Nobody knows where it lies, how long, or how it comes back, and it does not go to tape.
            """,
        example="""
            kind: ReplicationSource
            metadata: {name: mail, namespace: mail} # docs/backups.yaml does not name it
            """,
        fix="list it in docs/backups.yaml.",
    ),
    rule.error(
        "archive/unmade",
        "The list tells of a backup that nothing makes",
        rationale="""
            People rely on it until they need it. Where a part of a cluster cannot be seen, this is
            a note.
            """,
        example="""
            backups:
              - holds: mail
                made-by: CronJob/mail/mail-bakcup
            """,
        fix="correct the name of the object, or remove the entry.",
    ),
)
