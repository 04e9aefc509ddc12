"""Semantic versions and ranges as Go's Masterminds/semver v3 reads them.

Helm and Flux use that library for chart versions, Kubernetes versions and OCI tags, and its ranges
have habits of their own: `1.2` means `1.2.x`, `>1` means `>=2.0.0`, a pre-release matches only a
range that names one, and a comma or a blank means "and".
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import msgspec

_LONGEST_VERSION = 256
_LONGEST_RANGE = 512
_MOST_ALTERNATIVES = 32
_LARGEST = 2**64 - 1

_TAIL = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_LOOSE = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_TAIL}")
_STRICT = re.compile(rf"v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*){_TAIL}")
_NUMBER = r"[0-9|xX*]+"
_OPERAND = rf"v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?{_TAIL}"
_PLAIN_OPERAND = re.sub(r"\((?!\?)", "(?:", _OPERAND)
# Longest first: Go tries the operators in another order, but the operand decides there.
_OPERATOR = r"(?:!=|>=|=>|<=|=<|~>|=|>|<|~|\^|)"
_TERM = re.compile(rf"\s*({_OPERATOR})\s*{_OPERAND}\s*")
_TERMS = re.compile(rf"{_OPERATOR}\s*{_PLAIN_OPERAND}")
_ALL = re.compile(
    rf"\s*{_OPERATOR}\s*{_PLAIN_OPERAND}\s*(?:(?:\s+|,\s*){_OPERATOR}\s*{_PLAIN_OPERAND}\s*)*"
)
_HYPHEN = re.compile(rf"\s*({_PLAIN_OPERAND})\s+-\s+({_PLAIN_OPERAND})\s*")


class Version(msgspec.Struct, frozen=True):
    """A version. `text` is how it was written."""

    major: int
    minor: int
    patch: int
    pre: str = ""
    build: str = ""
    text: str = ""

    @property
    def rank(self) -> tuple[object, ...]:
        """What versions are compared by; build metadata takes no part."""
        # A version without a pre-release is newer than any with one.
        return (self.major, self.minor, self.patch, not self.pre, _pre_rank(self.pre))

    def __str__(self) -> str:
        pre = f"-{self.pre}" if self.pre else ""
        build = f"+{self.build}" if self.build else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre}{build}"


def parse(text: str) -> Version | None:
    """A version, also in loose form: `v1`, `1.2`, `01.2.3`; None for anything else."""
    return _version(_LOOSE, text)


def parse_strict(text: str) -> Version | None:
    """A full version with or without `v`, as Flux wants chart versions and tags."""
    return _version(_STRICT, text)


@lru_cache(maxsize=4096)
def _version(pattern: re.Pattern[str], text: str) -> Version | None:
    found = pattern.fullmatch(text) if len(text) <= _LONGEST_VERSION else None
    if found is None:
        return None
    *numbers, pre, build = found.groups()
    major, minor, patch = (int(number or 0) for number in numbers)
    if max(major, minor, patch) > _LARGEST or any(map(_has_leading_zero, (pre or "").split("."))):
        return None
    return Version(major, minor, patch, pre or "", build or "", text)


def _has_leading_zero(identifier: str) -> bool:
    return len(identifier) > 1 and identifier[0] == "0" and identifier.isdigit()


def _pre_rank(pre: str) -> tuple[tuple[bool, int, str], ...]:
    """Numbers come before words, and fewer identifiers before more of them."""
    return tuple(
        (False, int(part), "") if part.isdigit() else (True, 0, part)
        for part in pre.split(".")
        if part
    )


class _Term(msgspec.Struct, frozen=True):
    """One comparison. `given` says how many of major, minor and patch are there and no wildcard."""

    operator: str
    version: Version
    given: int

    def admits(self, version: Version) -> bool:
        return _ADMITS[self.operator](version, self.version, self.given)


class Range(msgspec.Struct, frozen=True):
    """Alternatives, each of terms that must all hold."""

    alternatives: tuple[tuple[_Term, ...], ...]

    def admits(self, version: Version) -> bool:
        """Whether the version is in the range. Pre-releases need an alternative that names one."""
        return any(
            all(term.admits(version) for term in terms)
            for terms in self.alternatives
            if not version.pre or any(term.version.pre for term in terms)
        )


@lru_cache(maxsize=512)
def parse_range(text: str) -> Range | None:
    """A range such as `>=1.2 <2 || ^3`; None where the library would refuse it."""
    if len(text) > _LONGEST_RANGE:
        return None
    alternatives = _HYPHEN.sub(r">= \1, <= \2 ", text).split("||")
    if len(alternatives) > _MOST_ALTERNATIVES:
        return None
    terms = [_terms(alternative) for alternative in alternatives]
    return None if None in terms else Range(tuple(found for found in terms if found))


def highest(versions: Iterable[Version], wanted: Range) -> Version | None:
    """The highest version in the range; the first of equals."""
    return max(filter(wanted.admits, versions), key=lambda version: version.rank, default=None)


def _terms(text: str) -> tuple[_Term, ...] | None:
    if not _ALL.fullmatch(text):
        return None
    terms = [_term(found.group()) for found in _TERMS.finditer(text)]
    return None if None in terms else tuple(term for term in terms if term)


def _term(text: str) -> _Term | None:
    found = _TERM.fullmatch(text)
    if found is None:
        return None
    operator, *numbers, pre, _ = found.groups()
    given = next((at for at, number in enumerate(numbers) if number in (None, "x", "X", "*")), 3)
    whole = ".".join([*numbers[:given], "0", "0", "0"][:3]) + (f"-{pre}" if pre else "")
    version = parse(whole)
    return _Term(operator, version, given) if version else None


def _differs(version: Version, wanted: Version, given: int) -> bool:
    # With a wildcard major the library compares the major with 0 and everything after it.
    if given == 3:
        return version.rank != wanted.rank
    if version.major != wanted.major:
        return True
    if given == 1:
        return False
    if version.minor != wanted.minor:
        return True
    if given == 2:
        return bool(version.pre or wanted.pre) and _pre_rank(version.pre) != _pre_rank(wanted.pre)
    return version.rank != wanted.rank


def _above(version: Version, wanted: Version, given: int) -> bool:
    if given == 1:
        return version.major > wanted.major
    if given == 2:
        return (version.major, version.minor) > (wanted.major, wanted.minor)
    return version.rank > wanted.rank


def _at_most(version: Version, wanted: Version, given: int) -> bool:
    if given == 3:
        return version.rank <= wanted.rank
    if given == 1:
        return version.major <= wanted.major
    return (version.major, version.minor) <= (wanted.major, wanted.minor)


def _tilde(version: Version, wanted: Version, given: int) -> bool:
    if version.rank < wanted.rank:
        return False
    anything = (wanted.major, wanted.minor, wanted.patch) == (0, 0, 0) and given in (0, 3)
    if anything:
        return True
    return version.major == wanted.major and (given == 1 or version.minor == wanted.minor)


def _equal(version: Version, wanted: Version, given: int) -> bool:
    return version.rank == wanted.rank if given == 3 else _tilde(version, wanted, given)


def _caret(version: Version, wanted: Version, given: int) -> bool:
    if version.rank < wanted.rank:
        return False
    if wanted.major > 0 or given == 1 or version.major > 0:
        return version.major == wanted.major
    if wanted.minor > 0 or given == 2 or version.minor > 0:
        return version.minor == wanted.minor
    return version.patch == wanted.patch


_ADMITS: dict[str, Callable[[Version, Version, int], bool]] = {
    "": _equal,
    "=": _equal,
    "!=": _differs,
    ">": _above,
    "<": lambda version, wanted, _: version.rank < wanted.rank,
    ">=": lambda version, wanted, _: version.rank >= wanted.rank,
    "=>": lambda version, wanted, _: version.rank >= wanted.rank,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
