"""Rules about what is left out of reports."""

from gitops.check import rule

RULES = (
    rule.error(
        "ignore/invalid",
        "What is to be ignored cannot be understood",
        rationale="""
            A finding that somebody meant to live with is reported, or, worse, another one is not.
            Every entry names one rule that exists and says why.
            """,
        example="""
            # gitops.toml
            [[ignore]]
            rule = "image/latset"
            reason = "the vendor publishes no other tag"
            """,
        fix="correct the id, which `gitops rules` tells, and give a reason.",
    ),
    rule.warning(
        "ignore/expired",
        "The day until which something is ignored is over",
        rationale="""
            Somebody promised to mend it by that day. What was ignored is reported again.
            """,
        example="""
            [[ignore]]
            rule = "image/latest"
            reason = "until the vendor publishes tags"
            expires = 2026-03-01
            """,
        fix="mend what it hides and remove the entry, or give it a new day.",
    ),
    rule.warning(
        "ignore/unused",
        "Something is ignored that nothing reports",
        rationale="""
            The mistake is gone, or the entry never fitted. Left in place, it would hide the next
            mistake of the kind.
            """,
        example="""
            [[ignore]]
            rule = "image/latest"
            path = "kubernetes/removed/*"
            reason = "the vendor publishes no other tag"
            """,
        fix="remove the entry.",
    ),
)
