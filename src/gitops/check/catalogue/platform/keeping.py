"""Rules about backups and secrets."""

from gitops.check import rule

RULES = (
    rule.warning(
        "backup/missing",
        "A database has no backup",
        rationale="Copies on other nodes keep a mistake as faithfully as the data.",
        example="""
            kind: Cluster # and no ScheduledBackup that names it
            metadata:
              name: postgres
            """,
        fix="add a ScheduledBackup, or ignore this with the reason.",
    ),
    rule.warning(
        "backup/same-ground",
        "Backups lie where the data does",
        rationale="What takes the machines of the cluster takes the database and its backups.",
        example="""
            kind: ObjectStore
            spec:
              configuration:
                endpointURL: http://rook-ceph-rgw-main.rook-ceph.svc
            """,
        fix="keep backups on machines of their own.",
    ),
    rule.error(
        "backup/schedule",
        "A backup has a schedule that cannot be read",
        rationale="""
            The controller refuses it and no backup is ever made. CloudNativePG reads six fields,
            seconds first; VolSync reads five.
            """,
        example="""
            kind: ScheduledBackup
            spec:
              schedule: 0 3 * * *
            """,
        fix="write as many fields as the controller reads.",
    ),
    rule.warning(
        "secret/literal",
        "Something that looks like a secret stands where everybody reads it",
        rationale="""
            ConfigMaps, variables of containers and values of charts are shown to whoever may look
            at the cluster or at the repository. Told of keys that name a secret and hold random
            text, and of the forms in which well-known services issue theirs.
            """,
        example="""
            kind: ConfigMap
            data:
              api-token: 8fQ2vN7xKp4Rt9Lz
            """,
        fix="change it, keep it in a Secret that is encrypted or comes from a vault.",
    ),
    rule.error(
        "secret/plaintext",
        "A Secret stands in the repository as plain text",
        rationale="""
            Whoever has ever had a copy of the repository has the secret, and will have it after it
            was removed from the file.
            """,
        example="""
            kind: Secret
            stringData:
              password: correct-horse-battery
            """,
        fix="change the secret, and keep the new one encrypted with SOPS or in a vault.",
    ),
)
