"""`docs/backups.yaml`: what is known of each backup besides the object that makes it."""

from typing import Annotated

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1)]


class Backup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """One backup. `made_by` is an object as `Kind/namespace/name`, in all clusters that have it.

    `when` is only given for what a chart makes, which may not be at hand. `restore` is a heading of
    the document that tells the way back. `gigabytes` is what goes to tape of it; 0 if nothing does.
    """

    holds: Text
    made_by: Annotated[str, Meta(pattern="^[A-Z][A-Za-z]*/[a-z0-9.-]+/[a-z0-9.-]+$")]
    bucket: Text
    kept: Text
    restore: Text
    gigabytes: Annotated[int, Meta(ge=0)]
    when: str = ""


class Backups(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """All of them in the order of reading; `restore` is the document with the ways back."""

    restore: Text
    backups: tuple[Backup, ...]
