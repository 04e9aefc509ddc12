"""What looks like a secret: by its form, or by its name and how random it is.

Sources of the forms: docs.github.com, Token types; docs.gitlab.com, Token overview; AWS IAM,
Understanding unique ID prefixes; api.slack.com, Token types; RFC 7468 (private keys).
"""

import math
import re
from collections import Counter

_FORMS = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bgithub_pat_[A-Za-z0-9_]{60,}\b"
    r"|\bglpat-[A-Za-z0-9_-]{20,}\b"
    r"|\bAKIA[A-Z2-7]{16}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{20,}\b"
    r"|\bAGE-SECRET-KEY-1[A-Z0-9]{50,}\b"
)
_MARKS = (
    "PRIVATE KEY",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "AKIA",
    "xox",
    "AGE-SECRET-KEY-1",
)
"""What each form has in it: looking for texts is many times as fast."""
_NAME = re.compile(
    r"(?:^|[_.-]|(?<=[a-z])(?=[A-Z]))(?:password|passwd|token|secret|api[_-]?key|"
    r"(?:secret|private|access|encryption|signing)[_-]?key)$",
    re.I,
)
_VALUE = re.compile(r"[A-Za-z0-9+/=_!@#%^&*~-]{12,}")
_WORD = re.compile(r"[a-z]+\d{0,2}|[A-Z]?[a-z]+|[A-Z]+|\d{1,4}")
_LEAST_BITS = 3.0
"""Bits of a character: 20 random letters and digits have about 3.9, and what repeats itself has
less than this."""


def has_form(value: str) -> bool:
    """Whether it holds something that nobody but a program that issues secrets writes."""
    return any(mark in value for mark in _MARKS) and _FORMS.search(value) is not None


def is_named(name: str) -> bool:
    """Whether a key says that its value is a secret."""
    return _NAME.search(name) is not None


def is_random(value: str) -> bool:
    """Whether a value is text of no language: letters and digits in no order, no path, no address
    and no name that consists of words."""
    if _VALUE.fullmatch(value) is None or value.startswith("/"):
        return False
    words = [each for each in re.split(r"[_/.-]", value) if each]
    named = all(_WORD.fullmatch(each) for each in words)
    mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(mixed) and not named and entropy(value) >= _LEAST_BITS


def entropy(text: str) -> float:
    """The bits that each character tells, by how often it is there (Shannon)."""
    shares = (count / len(text) for count in Counter(text).values())
    return -sum(share * math.log2(share) for share in shares)
