"""Rules about `gitops.lock.d/`."""

from gitops.check import rule

RULES = (
    rule.note(
        "lock/missing",
        "A release has no lock",
        rationale="Where its chart is absent and the network is off, nothing is known of it.",
        example="# a new HelmRelease, and nothing in gitops.lock.d/",
        fix="run `gitops lock` and commit what it writes.",
    ),
    rule.warning(
        "lock/orphan",
        "A lock belongs to no release",
        rationale="The release was removed or renamed; the file only misleads.",
        example="# gitops.lock.d/apps/web.… without a HelmRelease web",
        fix="run `gitops lock`, which removes it.",
    ),
    rule.error(
        "lock/stale-chart",
        "A chart was published again under the same version",
        rationale="""
            The chart that is here has another content than the one that was locked. Somebody moved
            a tag, or the copy is not the original.
            """,
        example="""
            # gitops.lock.d/apps/web
            digest: sha256:0f… # the chart in the store has sha256:9b…
            """,
        fix="find out which of the two is meant, then run `gitops lock`.",
    ),
    rule.error(
        "lock/stale-values",
        "A release has other values than its lock was made of",
        rationale="What the lock tells of its objects may no longer be true.",
        example="# values changed in helmrelease.yaml, and `gitops lock` was not run",
        fix="run `gitops lock`.",
    ),
    rule.error(
        "lock/stale-version",
        "A release wants another chart or version than its lock holds",
        rationale="What the lock tells of its objects belongs to another version.",
        example="""
            # helmrelease.yaml wants 1.2.0
            version: 1.1.0 # in gitops.lock.d/
            """,
        fix="run `gitops lock`.",
    ),
    rule.error(
        "lock/unreadable",
        "A lock cannot be read",
        rationale="It was edited by hand, or written by a newer version.",
        example="interface: [",
        fix="run `gitops lock`, which writes it again.",
    ),
)
