"""The age keys of whoever runs us, found where sops finds them. They are never shown or written."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE

_SECRET = re.compile(r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}")
_MOST = 1 << 20
"""Bytes read of a key file, which holds a few lines."""


class Keyring:
    """X25519 identities. Other kinds (post-quantum, plugins, SSH, PGP, cloud) are not read here."""

    def __init__(self, secrets: Iterable[str] = (), problems: Iterable[str] = ()) -> None:
        self._secrets = tuple(sorted(set(secrets)))
        self._problems = tuple(problems)
        self._identities: list[Any] | None = None
        self._opened: dict[str, bytes | None] = {}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Keyring":
        """The keys in SOPS_AGE_KEY, in the file that SOPS_AGE_KEY_FILE names, and in the file in
        which sops keeps them for its user."""
        texts = {"SOPS_AGE_KEY": environment.get("SOPS_AGE_KEY", "")}
        problems = []
        default = _default_file(environment)
        for path in (environment.get("SOPS_AGE_KEY_FILE", ""), default):
            if path and (path != default or os.path.exists(path)):
                try:
                    texts[path] = _text(path)
                except OSError as cause:
                    problems.append(f"the key file {path} cannot be read: {cause.strerror}")
        secrets = []
        for place, text in texts.items():
            found, others = _parse(text)
            secrets += found
            if others:
                problems.append(f"{place} holds {others} keys that cannot be used here")
        return cls(secrets, problems)

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def __repr__(self) -> str:
        return f"Keyring({len(self._secrets)} keys)"

    @property
    def fingerprint(self) -> str:
        """Tells keyrings apart, for the names of results that depend on which secrets are readable.

        It is a one-way digest of keys that hold 256 random bits each.
        """
        return sha256("\n".join(("keyring", *self._secrets)).encode()).hexdigest()[:32]

    @property
    def recipients(self) -> tuple[str, ...]:
        """The public halves of the keys, sorted."""
        return tuple(sorted(str(identity.to_public()) for identity in self._load()))

    def notes(self) -> tuple[Finding, ...]:
        """What was wrong with the places where keys should be."""
        hint = "only age X25519 keys (AGE-SECRET-KEY-1…) are used; other secrets stay placeholders"
        return tuple(
            finding.note("sops/keyring", NOWHERE, problem, hint) for problem in self._problems
        )

    def open(self, armored: str) -> bytes | None:
        """What an armored age file holds, or None when no key opens it."""
        if armored not in self._opened:
            self._opened[armored] = self._decrypt(armored) if self._secrets else None
        return self._opened[armored]

    def _decrypt(self, armored: str) -> bytes | None:
        import pyrage  # noqa: PLC0415 - 5 ms that hardly any run needs

        try:
            content: bytes = pyrage.decrypt(armored.encode(), self._load())
        except (pyrage.DecryptError, UnicodeEncodeError):
            return None
        return content

    def _load(self) -> list[Any]:
        import pyrage  # noqa: PLC0415 - 5 ms that hardly any run needs

        if self._identities is None:
            self._identities = []
            for secret in self._secrets:
                try:
                    self._identities.append(pyrage.x25519.Identity.from_str(secret))
                except pyrage.IdentityError:
                    continue  # Its check characters are wrong; it never was a key.
        return self._identities


def _default_file(environment: Mapping[str, str]) -> str:
    """Where sops looks: Go's os.UserConfigDir, with XDG_CONFIG_HOME on macOS too."""
    home = environment.get("HOME", "")
    config = environment.get("XDG_CONFIG_HOME", "")
    if not config and not home:
        return ""
    if not config:
        system = "Library/Application Support" if sys.platform == "darwin" else ".config"
        config = os.path.join(home, system)
    return os.path.join(config, "sops", "age", "keys.txt")


def _text(path: str) -> str:
    # A shell's <(…) is a pipe, so the file is read to its end and not by its size.
    with open(path, "rb") as file:
        return file.read(_MOST).decode(errors="replace")


def _parse(text: str) -> tuple[list[str], int]:
    """The keys in a text, and how many other things stand there."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    words = [word for line in lines for word in line.split()]
    found = [word for word in words if _SECRET.fullmatch(word)]
    return found, len(words) - len(found)
