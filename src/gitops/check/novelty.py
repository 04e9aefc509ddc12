"""Which findings of a report are new, compared with an earlier one."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from gitops.model.finding import Finding

_LINE = re.compile(r"(?<=\S):\d+")
"""Lines inside of messages: `base/service.yaml:12`."""


def new(findings: Iterable[Finding], before: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that the earlier report does not have.

    Lines do not count: a finding that only moved is not new. Where one of several equal ones is
    new, the last of them is told.
    """
    old = Counter(map(_key, before))
    for found in findings:
        key = _key(found)
        if old[key]:
            old[key] -= 1
        else:
            yield found


def _key(found: Finding) -> tuple[object, ...]:
    said = _LINE.sub("", found.message)
    return (found.rule, found.severity, found.at.path, found.cluster, found.subject, said)
