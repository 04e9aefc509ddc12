"""What is to be said about encrypted objects."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.sops import cipher, metadata
from gitops.sources.sops.metadata import KEY, Rule
from gitops.sources.sops.objects import has_block, rebuild
from gitops.sources.sops.outcome import Damaged, NoKey, Pointer, dotted

Locate = Callable[[Pointer], Location]
"""Where a field of the object is written."""

_LONGEST_NAME = 70
"""Characters of a recipient that are shown; those of post-quantum keys run to thousands."""


_BEGUN = "ENC[AES256_GCM"
"""How every encrypted value begins, also one that was cut off."""

_RESTORE = "restore it from its history, or encrypt it anew with sops"


def report(outcome: NoKey | Damaged, at: Location) -> tuple[Finding, ...]:
    """Why something was not decrypted. Values that stand in for secrets are a note, no mistake."""
    match outcome:
        case Damaged(damages):
            return tuple(
                finding.error("sops/damaged", at, str(damage), _RESTORE) for damage in damages
            )
        case NoKey(recipients, reason):
            who = ", ".join(name[:_LONGEST_NAME] for name in recipients) or "nobody"
            message = f"secret values are placeholders here: they are encrypted for {who}"
            message += f", and {reason}" if reason else ""
            hint = "set SOPS_AGE_KEY_FILE to a file with one of these keys to see the real values"
            return (finding.note("sops/no-key", at, message, hint),)


def examine(body: Mapping[str, Any], locate: Locate) -> tuple[Finding, ...]:
    """The mistakes in an object of the repository that can be told without a key."""
    if not has_block(body):
        return tuple(_strays(body, Rule(True), locate))
    facts = metadata.read(body[KEY])
    if isinstance(facts, Damaged):
        return report(facts, locate((KEY,)))
    if not facts.recipients_of_all:
        message = "its sops block names no recipient, so no key can ever open it"
        hint = "encrypt it anew with sops and a recipient"
        return (finding.error("sops/no-recipient", locate((KEY,)), message, hint),)
    rule = metadata.rule(facts)
    if isinstance(rule, Damaged):
        return report(rule, locate((KEY,)))
    if isinstance(rule, NoKey):
        return ()
    return (*_plain_leaves(body, rule, locate), *_strays(body, rule, locate))


def _plain_leaves(body: Mapping[str, Any], rule: Rule, locate: Locate) -> Iterator[Finding]:
    hint = "encrypt the file anew with sops, and change a secret that was readable in Git"
    for value, path, pointer in _leaves(body):
        if not rule.covers(path) or value == "" or _is_encrypted(value):
            continue
        if isinstance(value, str) and value.startswith(_BEGUN):
            message = f"{dotted(pointer)} is no whole value of sops: some of it was lost"
            yield finding.error("sops/damaged", locate(pointer), message, _RESTORE)
        else:
            message = f"{dotted(pointer)} should be encrypted and is not: Flux refuses the object"
            yield finding.error("sops/plaintext-leaf", locate(pointer), message, hint)


def _strays(body: Mapping[str, Any], rule: Rule, locate: Locate) -> Iterator[Finding]:
    hint = "encrypt the file anew with sops, with a rule that takes the field in"
    for value, path, pointer in _leaves(body):
        if _is_encrypted(value) and not rule.covers(path):
            message = f"{dotted(pointer)} is encrypted, and Flux applies it as it is"
            yield finding.warning("sops/not-covered", locate(pointer), message, hint)


def _leaves(body: Mapping[str, Any]) -> list[tuple[Any, tuple[str, ...], Pointer]]:
    found: list[tuple[Any, tuple[str, ...], Pointer]] = []
    rebuild(body, lambda *leaf: found.append(leaf))
    return found


def _is_encrypted(value: object) -> bool:
    return isinstance(value, str) and cipher.parse(value) is not None
