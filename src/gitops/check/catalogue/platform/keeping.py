"""Rules about backups and secrets."""

from gitops.check import rule

RULES = (
    rule.warning(
        "backup/missing",
        "Data has no backup",
        rationale="""
            Copies on other nodes keep a mistake as faithfully as the data. A backup is known where
            a ScheduledBackup, a ReplicationSource, a Schedule or RecurringJob, or a CronJob that
            makes backups names the data. Caches, queues and volumes outside of the cluster need
            none.
            """,
        example="""
            kind: PersistentVolumeClaim # and nothing that backs it up
            metadata:
              name: wiki
            """,
        fix="""
            back it up, or give the reason in the annotation `gitops.check/no-backup`, or ignore
            this.
            """,
    ),
    rule.warning(
        "backup/retention",
        "How long backups are kept is not said",
        rationale="""
            VolSync then keeps only the last backup of restic, which may be one of broken data, and
            the plugin for Barman never removes any, until the store is full.
            """,
        example="""
            kind: ReplicationSource
            spec:
              restic:
                repository: wiki # and no retain
            """,
        fix="set `retain` or `retentionPolicy`.",
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
    rule.note(
        "backup/same-minute",
        "Several backups begin in the same minute",
        rationale="They share disks, the network and what they are kept on.",
        example="""
            kind: ReplicationSource # and another one like it
            spec:
              trigger:
                schedule: 0 2 * * *
            """,
        fix="let them begin one after the other.",
    ),
    rule.error(
        "backup/schedule",
        "A backup has a schedule that is not read as it was meant",
        rationale="""
            CloudNativePG reads six fields, seconds first: of five it takes the first for
            seconds, so that what is meant for once a day runs every hour. VolSync reads five. What
            fits neither is refused, and no backup is ever made.
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
    rule.outside(
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
    rule.error(
        "backup/method",
        "A backup is made by a method that its database is not set up for",
        rationale="""
            CloudNativePG makes a Backup that fails at once, every night. Without a method it
            means barmanObjectStore.
            """,
        example="""
            # the Cluster has plugins, and no spec.backup
            kind: ScheduledBackup
            spec:
              cluster:
                name: database
            """,
        fix="name the method that the Cluster is set up for.",
    ),
    rule.whole(
        "backup/unarchived",
        "Backups of PostgreSQL are made without its log",
        rationale="""
            A copy of files that change is whole only with the log of that time. Without an
            archive there is nothing to restore to, neither the last state nor any other.
            """,
        example="""
            plugins:
              - name: barman-cloud.cloudnative-pg.io
                isWALArchiver: false
            """,
        fix="set isWALArchiver: true.",
    ),
)
