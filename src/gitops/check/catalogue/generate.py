"""Rules about files that are derived from the facts of the estate."""

from gitops.check import rule

RULES = (
    rule.error(
        "generate/stale",
        "A file is not what the facts of the estate give",
        rationale="""
            Flux and the bootstrap read the derived file. A fact that was changed only in fleet.yaml
            has not reached them, and one that was changed only here is undone by the next run.
            """,
        example="""
            # kubernetes/clusters/infra/cluster-settings.yaml, while fleet.yaml says 10.25.20.0/24
            data:
              LOAD_BALANCER_POOL: 10.25.22.0/24
            """,
        fix="correct fleet.yaml if it is wrong, then run gitops generate.",
    ),
)
