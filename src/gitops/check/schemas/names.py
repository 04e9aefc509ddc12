"""Forms that names have.

Source: apimachinery `pkg/util/validation/validation.go` and `pkg/api/validation/path`.
"""

import re
from functools import lru_cache

_NAME = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?\Z")
_SUBDOMAIN = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z")
_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\Z")
_LETTER_FIRST = re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?\Z")
_PATH = re.compile(r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+\Z")
_PORT = re.compile(r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\Z")
_KEY = re.compile(r"[-._a-zA-Z0-9]+\Z")
_HEADER = re.compile(r"[-A-Za-z0-9]+\Z")
_VARIABLE = re.compile(r"[\x20-\x3c\x3e-\x7e]+\Z")


def is_label(text: str) -> bool:
    """A part of a DNS name (RFC 1123)."""
    return len(text) <= 63 and _LABEL.match(text) is not None


def is_label_with_letter_first(text: str) -> bool:
    """A part of a DNS name as it once was (RFC 1035)."""
    return len(text) <= 63 and _LETTER_FIRST.match(text) is not None


def is_subdomain(text: str) -> bool:
    """A DNS name (RFC 1123)."""
    return len(text) <= 253 and _SUBDOMAIN.match(text) is not None


def is_wildcard(text: str) -> bool:
    """A DNS name whose first part is an asterisk."""
    return text.startswith("*.") and len(text) <= 253 and _SUBDOMAIN.match(text[2:]) is not None


def is_domain_path(text: str) -> bool:
    """A path below a DNS name."""
    prefix, slash, path = text.partition("/")
    return bool(slash) and is_subdomain(prefix) and _PATH.match(path) is not None


def is_path_segment(text: str) -> bool:
    """Something that can stand between two slashes of a path."""
    return text not in (".", "..") and "/" not in text and "%" not in text


def is_port(text: str) -> bool:
    """The name of a port, as IANA registers them."""
    return len(text) <= 15 and _PORT.match(text) is not None


def is_key_of_data(text: str) -> bool:
    """A key of a ConfigMap or a Secret."""
    return (
        len(text) <= 253
        and _KEY.match(text) is not None
        and not text.startswith("..")
        and (text != ".")
    )


def is_header(text: str) -> bool:
    """The name of a header of HTTP."""
    return _HEADER.match(text) is not None


def is_variable(text: str) -> bool:
    """The name of an environment variable: whatever can be printed, but for `=`. Before 1.32, less
    was allowed."""
    return _VARIABLE.match(text) is not None


@lru_cache(4096)
def is_name(text: str) -> bool:
    """The value of a label, or its key behind the slash."""
    return len(text) <= 63 and _NAME.match(text) is not None


@lru_cache(4096)
def is_qualified(text: str) -> bool:
    """A name, maybe after a DNS name and a slash; objects have most of them in common."""
    prefix, slash, name = text.rpartition("/")
    return is_name(name) and (not slash or is_subdomain(prefix))
