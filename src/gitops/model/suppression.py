"""A finding that the owner of a repository lives with: which one, why, and until when."""

import datetime
from typing import Annotated

import msgspec

from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE, Location


class Suppression(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings of one rule are not reported where everything given here fits.

    `path` is matched with the file of the finding, `object` with what it is about, as
    `Kind/namespace/name`, and `cluster` with its cluster; they may hold `*` and `?`, and "" fits
    everything. After the day `expires` it counts no more. `at` is where it is written.
    """

    rule: str
    reason: Annotated[str, msgspec.Meta(min_length=1)]
    path: str = ""
    object: str = ""
    cluster: str = ""
    expires: datetime.date | None = None
    at: Location = NOWHERE


class Ignored(msgspec.Struct, frozen=True):
    """A finding, and the suppression that keeps it from being reported."""

    finding: Finding
    by: Suppression


class Judged(msgspec.Struct, frozen=True):
    """What is to be reported, and what is left out of it."""

    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
