"""Rules about versions."""

from gitops.check import rule

RULES = (
    rule.warning(
        "version/end-of-life",
        "A version gets no fixes any more",
        rationale="""
            Weaknesses that are found now stay. The date is held against the day of the run, or that
            of `--today` or SOURCE_DATE_EPOCH.
            """,
        example="""
            chart:
              spec:
                chart: cert-manager
                version: v1.16.2 # until June 2025
            """,
        fix="move to a maintained version; else ignore this with the reason.",
    ),
    rule.warning(
        "version/kubernetes",
        "A version is not made for this Kubernetes",
        rationale="""
            It may work, but nobody tested it: what its maintainers name is another range of
            versions. Where gitops.toml names another Kubernetes than fleet.yaml, nothing was
            checked for the one that runs.
            """,
        example="""
            chart:
              spec:
                chart: external-secrets
                version: 0.12.1 # for Kubernetes up to 1.31
            """,
        fix="move to a version that names this Kubernetes; else ignore this with the reason.",
    ),
    rule.whole(
        "version/pair",
        "Two versions do not work together",
        rationale="""
            One of them needs what the other no longer, or not yet, has: an operator stops, or
            refuses what it is asked for.
            """,
        example="""
            # with the chart strimzi-kafka-operator 1.0.1
            kind: Kafka
            spec:
              kafka:
                version: 3.9.0
            """,
        fix="choose versions that the message names.",
    ),
)
