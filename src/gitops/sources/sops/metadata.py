"""The `sops` block of a file: who can open it, and which of its values are encrypted."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from gitops.sources.sops.outcome import Damaged, NoKey, damaged

KEY = "sops"

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
"""A time of RFC 3339."""

_UNSAFE = re.compile(r"\\[1-9zpPQCkx]|\(\?(?!:|P<)|\[\[:|\)[*+?{]|[*+?][*+?{]")
_REPEATS = re.compile(r"(?<!\\)[*+?{]")
_MOST_REPEATS = 2


class AgeKey(msgspec.Struct, frozen=True):
    """The data key, encrypted for one recipient."""

    recipient: str = ""
    enc: str = ""


class KeyGroup(msgspec.Struct, frozen=True):
    """The data key, or a share of it, encrypted for each of several recipients."""

    age: tuple[AgeKey, ...] | None = None
    pgp: tuple[Any, ...] | None = None
    kms: tuple[Any, ...] | None = None
    gcp_kms: tuple[Any, ...] | None = None
    azure_kv: tuple[Any, ...] | None = None
    hc_vault: tuple[Any, ...] | None = None
    hckms: tuple[Any, ...] | None = None

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who can open it: age recipients by name, others by their kind."""
        ages = tuple(key.recipient for key in self.age or ())
        kinds = ("pgp", "kms", "gcp_kms", "azure_kv", "hc_vault", "hckms")
        return ages + tuple(kind for kind in kinds if getattr(self, kind))


class Metadata(KeyGroup, frozen=True):
    """The whole block, with sops' own names."""

    mac: str = ""
    lastmodified: str = ""
    mac_only_encrypted: bool = False
    key_groups: tuple[KeyGroup, ...] | None = None
    unencrypted_suffix: str = ""
    encrypted_suffix: str = ""
    unencrypted_regex: str = ""
    encrypted_regex: str = ""
    unencrypted_comment_regex: str = ""
    encrypted_comment_regex: str = ""

    @property
    def groups(self) -> tuple[KeyGroup, ...]:
        """The groups of keys: those of the block itself, else the ones it lists."""
        return (self,) if self.recipients else self.key_groups or ()

    @property
    def recipients_of_all(self) -> tuple[str, ...]:
        """Who can open it or a share of it."""
        return tuple(name for group in self.groups for name in group.recipients)


class Rule(msgspec.Struct, frozen=True):
    """Which values are encrypted: with `encrypts`, those that match, else all the others.

    A value matches when one of the keys on the way to it does; list indexes do not count. Without a
    rule of its own a file leaves keys that end in `_unencrypted` alone. Rules about comments match
    nothing here: Flux decrypts objects after kustomize has dropped their comments.
    """

    encrypts: bool = False
    suffix: str = ""
    regex: str = ""

    def covers(self, path: tuple[str, ...]) -> bool:
        """Whether the value at a path is, or should be, encrypted."""
        if self.suffix:
            matches = any(key.endswith(self.suffix) for key in path)
        elif self.regex:
            matches = any(re.search(self.regex, key, re.ASCII) for key in path)
        else:
            matches = False
        return matches is self.encrypts


def read(block: object) -> Metadata | Damaged:
    """The metadata in a parsed `sops` block, as leniently typed as sops takes it."""
    if not isinstance(block, Mapping):
        return damaged((KEY,), "is no mapping")
    try:
        facts = msgspec.convert(dict(block), Metadata, strict=False)
    except msgspec.ValidationError as cause:
        # msgspec tells types and places, never values.
        return damaged((KEY,), f"cannot be understood: {cause}")
    except UnicodeEncodeError:
        return damaged((KEY,), "is not UTF-8")
    if not TIME.fullmatch(facts.lastmodified):
        return damaged((KEY, "lastmodified"), "is no time")
    return facts


def rule(metadata: Metadata) -> Rule | NoKey | Damaged:
    """The rule of a file. Two rules at once damage it."""
    rules = [
        Rule(False, suffix=metadata.unencrypted_suffix),
        Rule(True, suffix=metadata.encrypted_suffix),
        Rule(False, regex=metadata.unencrypted_regex),
        Rule(True, regex=metadata.encrypted_regex),
    ]
    given = [rule for rule in rules if rule.suffix or rule.regex]
    given += [Rule(False)] if metadata.unencrypted_comment_regex else []
    given += [Rule(True)] if metadata.encrypted_comment_regex else []
    if len(given) > 1:
        return damaged((KEY,), "says in several ways which values are encrypted")
    chosen = given[0] if given else Rule(False, suffix="_unencrypted")
    if chosen.regex and not _is_plain(chosen.regex):
        reason = f"the regular expression {chosen.regex!r} is not read here"
        return NoKey(metadata.recipients_of_all, reason)
    return chosen


def _is_plain(regex: str) -> bool:
    """Whether Go and Python read a regular expression alike, and neither searches for long.

    Python tries every way to split a text among repetitions. Two of them on a key take
    milliseconds; more of them, or one inside another, could take years.
    """
    regex = regex.removeprefix("(?i)")
    if _UNSAFE.search(regex) or len(_REPEATS.findall(regex)) > _MOST_REPEATS:
        return False
    try:
        re.compile(regex)
    except (re.error, RecursionError, OverflowError):
        return False
    return True
