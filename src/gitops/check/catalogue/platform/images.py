"""Rules about images."""

from gitops.check import rule

RULES = (
    rule.warning(
        "image/latest",
        "An image is named by no version",
        rationale="""
            `latest` is whatever was published last: two nodes run different programs, a restart is
            an upgrade, and nobody can go back.
            """,
        example="image: registry.example/web:latest",
        fix="name a version, and its digest.",
    ),
    rule.error(
        "image/malformed",
        "An image has a name that nothing can be fetched by",
        rationale="The pod stays at InvalidImageName: paths are lower-case, tags have no slash.",
        example="image: registry.example/Web:1.2.3",
        fix="write registry/path:tag@digest.",
    ),
    rule.note(
        "image/two-versions",
        "One image runs at several versions in a cluster",
        rationale="""
            Each node keeps both, both have to be watched for weaknesses, and often one of them was
            forgotten at the last upgrade.
            """,
        example="""
            image: registry.example/web:1.2.3
            # and elsewhere
            image: registry.example/web:1.2.2
            """,
        fix="use one of them, unless the programs need their own.",
    ),
)
