"""What a rule is, for a reader who meets one of its findings."""

import msgspec

from gitops.model.finding import Severity


class Rule(msgspec.Struct, frozen=True):
    """One kind of mistake.

    `title` says in a sentence what is wrong, `rationale` what would happen in a cluster, `example`
    is the smallest text that has the mistake, and `fix` is the way out. `severity` is the usual
    one: a rule that cannot see everything reports a note instead.
    """

    id: str
    severity: Severity
    title: str
    rationale: str
    example: str
    fix: str
