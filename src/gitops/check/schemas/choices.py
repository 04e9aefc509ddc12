"""Fields of which a controller wants one: what schemas leave open, and its webhook refuses.

Source: cert-manager v1.16.2, internal/apis/certmanager/validation/issuer.go
(`ValidateIssuerConfig`); external-secrets v0.12.1, apis/externalsecrets/v1beta1/
provider_schema.go; volsync, internal/controller/mover/builder.go, to which the fork of perfectra1n
adds kopia.
A field without a value is not there: the API server drops it.
"""

import difflib
from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, mapping
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.model.finding import Finding


class Choice(msgspec.Struct, frozen=True):
    """A mapping that holds exactly one of some fields; without names, of any."""

    group: str
    kinds: tuple[str, ...]
    way: tuple[str, ...]
    names: tuple[str, ...] = ()


_METHODS = ("external", "kopia", "rclone", "restic", "rsync", "rsyncTLS")

CHOICES = (
    Choice(
        "cert-manager.io",
        ("ClusterIssuer", "Issuer"),
        ("spec",),
        ("acme", "ca", "selfSigned", "vault", "venafi"),
    ),
    Choice("external-secrets.io", ("ClusterSecretStore", "SecretStore"), ("spec", "provider")),
    Choice("volsync.backube", ("ReplicationDestination",), ("spec",), _METHODS),
    Choice("volsync.backube", ("ReplicationSource",), ("spec",), (*_METHODS, "syncthing")),
)


def open_or_double(facts: Index) -> Iterator[Finding]:
    """One of the fields is there, and no other."""
    for choice in CHOICES:
        for kind in choice.kinds:
            for owned in facts.of(choice.group, kind):
                held = mapping(at(facts.body(owned.manifest), *choice.way))
                found = [name for name in choice.names or held if held.get(name) is not None]
                is_known = owned.manifest.incomplete in ("", "placeholder")
                if is_known and len(found) != 1 and (found or not _is_other(choice, held)):
                    yield _wrong(Spot(facts, owned, _way(choice, held, found)), choice, found)


def _is_other(choice: Choice, held: dict[str, object]) -> bool:
    """Whether there is a field of a release that knows more than are listed here, as builds of
    others do. One with nearly a listed name is misspelt."""
    others = (name for name, value in held.items() if isinstance(value, dict))
    return any(
        name not in (*choice.names, *_BESIDE)
        and not difflib.get_close_matches(name, choice.names, 1, 0.75)
        for name in others
    )


_BESIDE = ("trigger",)
"""Mappings that stand beside all that there is to choose from."""


def _way(choice: Choice, held: dict[str, object], found: list[str]) -> tuple[str, ...]:
    """The second where there are two, else what is empty, else the mapping."""
    empty = [name for name in choice.names or held if name in held and name not in found]
    return (*choice.way, *(found[1:2] or empty[:1]))


def _wrong(spot: Spot, choice: Choice, found: list[str]) -> Finding:
    words = f"has {' and '.join(found)}" if found else "has none of them"
    names = ", ".join(choice.names) or "its providers"
    where = ".".join(choice.way)
    message = f"{spot.who} wants one of {names} in {where}, and {words}: its controller refuses it"
    hint = (
        "leave one of them" if found else "set one; an empty mapping, {}, counts, nothing does not"
    )
    return spot.error("schema/choice", message, hint)
