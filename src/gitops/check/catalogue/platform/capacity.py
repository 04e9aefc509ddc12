"""Rules about capacity."""

from gitops.check import rule

RULES = (
    rule.warning(
        "capacity/disks",
        "Volumes are larger than the disks that they lie on",
        rationale="""
            They are filled slowly, and all at once nothing is written any more: Ceph stops when a
            disk is full and warns at 85 percent, and of local volumes none is limited but by the
            disk.
            """,
        example="""
            # three disks of 1 TB in fleet.yaml, and a pool that keeps three copies
            kind: PersistentVolumeClaim
            spec:
              storageClassName: ceph-block
              resources:
                requests:
                  storage: 2Ti
            """,
        fix="ask for smaller volumes, or add disks.",
    ),
    rule.error(
        "capacity/nodes",
        "Not all pods find room when a node is lost",
        rationale="""
            What is asked for is kept free. When a machine is lost its pods are started elsewhere,
            and those for which no node has that much left stay pending until it is back.
            """,
        example="""
            # three machines of 64 GiB in fleet.yaml
            kind: StatefulSet
            spec:
              replicas: 3
              template:
                spec:
                  containers:
                    - name: database
                      resources:
                        requests:
                          memory: 48Gi
            """,
        fix="ask for less, run fewer, or add a node; `gitops capacity` tells who asks for what.",
    ),
    rule.warning(
        "capacity/unrequested",
        "Containers do not say what they need",
        rationale="""
            Nothing is kept free for them, no plan counts them, and they are the first to be ended
            when memory is short.
            """,
        example="""
            containers:
              - name: web
                image: registry.example/web:1.2.3
            """,
        fix="set resources.requests for processor and memory.",
    ),
    rule.error(
        "cache/number-missing",
        "A cache is asked for a database that it does not have",
        rationale="""
            Dragonfly has as many databases as `--dbnum` says, 16 without it, and only one where it
            plays a cluster. They are counted from 0, and all others are refused.
            """,
        example="""
            args: [--dbnum=8]
            # and a client
            url: redis://cache.databases.svc:6379/8
            """,
        fix="let it have more, or ask for one that there is.",
    ),
    rule.warning(
        "cache/number-shared",
        "Two programs use the same database of a cache",
        rationale="""
            Programs give their databases numbers so that they keep apart. In the same one each
            finds the keys of the other, and removes them when it empties its own.
            """,
        example="""
            url: redis://cache.databases.svc:6379/7
            # and in another release
            redis_url: redis://cache.databases.svc:6379/7
            """,
        fix="give each a number of its own.",
    ),
    rule.whole(
        "capacity/connections",
        "A pool wants more connections than there are",
        rationale="""
            PostgreSQL refuses what is above max_connections, and in session mode each client of a
            pooler holds a connection for as long as it stays: with more clients than connections
            some wait for ever.
            """,
        example="""
            # the Cluster has max_connections: 100
            kind: Pooler
            spec:
              instances: 2
              pgbouncer:
                parameters:
                  default_pool_size: "80"
            """,
        fix="make the pool smaller, or raise what it is taken from.",
    ),
    rule.error(
        "capacity/limit-range",
        "A container is allowed more than its namespace lets it have",
        rationale="""
            A LimitRange has a bound for each container of its namespace. Pods that are beyond it
            are refused, and whoever makes them tries again and again.
            """,
        example="""
            kind: LimitRange
            spec:
              limits:
                - type: Container
                  max:
                    memory: 1Gi
            # and in a Deployment of the namespace
            resources:
              limits:
                memory: 2Gi
            """,
        fix="lower the limit, or raise the bound.",
    ),
    rule.whole(
        "capacity/memory-outgrown",
        "A program may take more memory than its container",
        rationale="""
            What it is told to take is above the limit: it is ended in the middle of its work when
            it gets there, and PostgreSQL does not start.
            """,
        example="""
            args: [--maxmemory=8gb]
            resources:
              limits:
                memory: 4Gi
            """,
        fix="take less, or raise the limit; what is not in it needs room as well.",
    ),
    rule.whole(
        "capacity/quota",
        "Pods may be more, or take more, than the quota of the namespace lets them",
        rationale="""
            A quota counts pods that wait as well. Those beyond it are refused, and whoever makes
            them tries again and again.
            """,
        example="""
            kind: ResourceQuota
            spec:
              hard:
                pods: "6"
            ---
            kind: AutoscalingRunnerSet
            spec:
              maxRunners: 16
            """,
        fix="run fewer, or raise the quota.",
    ),
    rule.whole(
        "capacity/too-little",
        "A program has less memory than it starts with",
        rationale="""
            Dragonfly ends at once with less than 256 MiB for each of its threads, and Java with an
            initial heap that is larger than the largest one.
            """,
        example="""
            args:
              - --maxmemory=512mb
              - --proactor_threads=4
            """,
        fix="give it more, or let it start with less.",
    ),
    rule.error(
        "capacity/thousandths",
        "Memory is counted in thousandths of a byte",
        rationale="""
            `m` means thousandths, as for processors. A container with such a limit does not
            start, and a request of that kind keeps nothing free.
            """,
        example="""
            resources:
              limits:
                memory: 256m
            """,
        fix="write Mi or Gi after the number.",
    ),
    rule.whole(
        "capacity/volume-outgrown",
        "More may be kept on a volume than it has",
        rationale="""
            What removes the oldest, or drops what cannot be sent, does so at a size that the
            volume never reaches: it is full before that, and nothing is written any more.
            """,
        example="""
            kind: VMAgent
            spec:
              remoteWriteSettings:
                maxDiskUsagePerURL: 80GB
              statefulStorage:
                volumeClaimTemplate:
                  spec:
                    resources:
                      requests:
                        storage: 10Gi
            """,
        fix="keep less, or ask for a larger volume.",
    ),
)
