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
    rule.error(
        "image/registry",
        "An image comes from a registry that is not listed",
        rationale="""
            Who writes a list of registries trusts those, and no typing error and no copied example
            should bring in another. Without `registries` in gitops.toml, all are taken.
            """,
        example="""
            # gitops.toml: registries = ["docker.io/library", "registry.k8s.io"]
            image: docker.io/someone/nginx:1.29
            """,
        fix="take it from one that is listed, or list this one: `quay.io`, `docker.io/library`.",
    ),
    rule.note(
        "image/tag-only",
        "Some images have a digest, and others only a tag",
        rationale="""
            A tag can be moved by whoever owns the registry, a digest by nobody. Told once for each
            cluster that has both.
            """,
        example="""
            image: registry.example/web:1.2.3 # while others end in @sha256:…
            """,
        fix="add the digest.",
    ),
    rule.warning(
        "image/two-digests",
        "One tag is written with two digests",
        rationale="""
            A tag has one digest at a time. Of the two, one is an older image under a newer name:
            the tag was moved, or the digest forgotten at an upgrade.
            """,
        example="""
            image: registry.example/web:1.2.3@sha256:1111…
            # and elsewhere
            image: registry.example/web:1.2.3@sha256:2222…
            """,
        fix="use the digest that the tag has now in both places.",
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
