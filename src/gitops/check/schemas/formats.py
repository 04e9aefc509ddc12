"""Formats that the API server checks in custom resources.

Source: apiextensions-apiserver `pkg/apiserver/validation/formats.go` names them; kube-openapi
`pkg/validation/strfmt` says what each takes. All other formats are ignored there, and so here.
Those that begin with `core-` are ours: what the types of Kubernetes itself can hold.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from typing import Any

from gitops.check.schemas import addresses, names

_HOST = (
    r"([a-zA-Z0-9]((-?[a-zA-Z0-9]{0,62})?)"
    r"|([a-zA-Z0-9](([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.)){1,}([a-zA-Z]){2,63})\Z"
)
_UUID = r"(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?%s[0-9a-f]{3}-?%s[0-9a-f]{3}-?[0-9a-f]{12}\Z"
_MAC = (
    r"(?:[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}"
    r"(?:\1[0-9A-Fa-f]{2}){0,2}|(?:[0-9A-Fa-f]{4}\.){2,3}[0-9A-Fa-f]{4})\Z"
)
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:[0-2][0-9]|3[01])\Z"
_TIME = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:[0-2][0-9]|3[01])[tT ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]+)?(?:[zZ]|[+-][0-9]{2}:?[0-9]{2})\Z"
)
_RFC3339 = (
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3])"
    r":[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
_DURATION = r"[-+]?(?:0|(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)\Z"
_WORDS = (
    r"(?i)(?:(?:[0-9]+)\s*(?:ns|nanos?|nanoseconds?|us|µs|μs|micros?|microseconds?|ms|millis?"
    r"|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)"
    r"\s*)+\Z"
)
_QUANTITY = re.compile(
    r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?|[eE][+-]?[0-9]+)\Z"
)
_EMAIL = r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+\Z"
_URI = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|/)")
_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_INT32, _INT64 = 1 << 31, 1 << 63

ADDRESS = "core-address"
CLUSTER_ADDRESS = "core-address, nor None"
DOMAIN_PATH = "core-name of the form `prefix.example.org/name`"
NETWORK = "core-network such as 10.0.0.0/8"
QUALIFIED_ANY_CASE = "core-name of the form `[prefix.example.org/]name`, whatever its case"
REFERENCE = "core-name of an object"
LABEL = "core-name of a-z, 0-9 and -, at most 63 characters, no - at either end"
SUBDOMAIN = "core-name of a-z, 0-9, - and ., at most 253 characters"
SEGMENT = "core-name that can be a part of a path"
PORT = "core-name of a port: a-z, 0-9 and -, at most 15 characters, one of them a letter"
KEY_OF_DATA = "core-key of data: letters, digits, - _ and ."
QUALIFIED = "core-name of the form `[prefix.example.org/]name`"
VARIABLE = "core-name of a variable"
DRIVER = "core-name of a driver: a-z, 0-9, - and ., at most 63 characters"
HEADER = "core-name of a header: letters, digits and -"


def _is_hostname(text: str) -> bool:
    return (
        len(text) <= 255
        and all(len(part) <= 63 for part in text.split("."))
        and re.match(_HOST, text) is not None
    )


def _is_address(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text.partition("%")[0]).version == version and "%" not in text
    except ValueError:
        return False


def _is_cidr(text: str) -> bool:
    address, slash, length = text.partition("/")
    if not slash or not length.isdecimal() or "%" in text or (length != "0" and length[0] == "0"):
        return False
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return bool(address)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _if_any(is_right: Callable[[str], bool]) -> Callable[[str], bool]:
    """Go takes an empty text for none."""
    return lambda text: not text or is_right(text)


def _is_uri(text: str) -> bool:
    """What Go's `url.ParseRequestURI` takes: an absolute address or an absolute path."""
    if not _URI.match(text) or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in text):
        return False
    _, colon, rest = text.partition(":")
    if not text.startswith("/") and colon and not rest.startswith("/"):
        return bool(rest)
    return not _ESCAPE.search(text.partition("?")[0])


def _matches(pattern: str) -> Callable[[str], bool]:
    """Compiled when a text first has the format, and kept by `re`."""
    return lambda text: re.match(pattern, text) is not None


TEXTS: dict[str, Callable[[str], bool]] = {
    "uri": _is_uri,
    "email": _matches(_EMAIL),
    "hostname": _is_hostname,
    "ipv4": lambda text: _is_address(text, 4),
    "ipv6": lambda text: _is_address(text, 6),
    "cidr": _is_cidr,
    "mac": _matches(_MAC),
    "uuid": _matches(_UUID % ("[0-9a-f]", "[0-9a-f]")),
    "uuid3": _matches(_UUID % ("3", "[0-9a-f]")),
    "uuid4": _matches(_UUID % ("4", "[89ab]")),
    "uuid5": _matches(_UUID % ("5", "[89ab]")),
    "hexcolor": _matches(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z"),
    "ssn": _matches(r"[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\Z"),
    "byte": _matches(
        r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\Z"
    ),
    "core-byte": _is_base64,
    "date": _matches(_DATE),
    "duration": lambda text: bool(re.match(_DURATION, text) or re.match(_WORDS, text)),
    "datetime": _matches(_TIME),
    "core-time": _matches(_RFC3339),
    "core-quantity": lambda text: _QUANTITY.match(text) is not None,
    LABEL: _if_any(names.is_label),
    SUBDOMAIN: _if_any(names.is_subdomain),
    SEGMENT: _if_any(names.is_path_segment),
    PORT: _if_any(names.is_port),
    KEY_OF_DATA: _if_any(names.is_key_of_data),
    QUALIFIED: _if_any(names.is_qualified),
    VARIABLE: _if_any(names.is_variable),
    ADDRESS: _if_any(addresses.is_address),
    CLUSTER_ADDRESS: _if_any(lambda text: text == "None" or addresses.is_address(text)),
    DOMAIN_PATH: _if_any(names.is_domain_path),
    NETWORK: _if_any(lambda text: addresses.network(text.strip()) is not None),
    QUALIFIED_ANY_CASE: _if_any(lambda text: names.is_qualified(text.lower())),
    # What may be the beginning of a name may end as none may.
    REFERENCE: _if_any(lambda text: names.is_subdomain(re.sub(r"(?<=.)-\Z", "a", text))),
    DRIVER: _if_any(lambda text: len(text) <= 63 and names.is_subdomain(text.lower())),
    HEADER: _if_any(names.is_header),
}
"""By name without dashes."""

NUMBERS: dict[str, Callable[[Any], bool]] = {
    "core-int32": lambda number: -_INT32 <= number < _INT32,
    "core-int64": lambda number: -_INT64 <= number < _INT64,
}


def of_text(name: Any) -> tuple[str, Callable[[str], bool]] | None:
    """The check of a format of texts; None where the API server makes none."""
    if not isinstance(name, str):
        return None
    key = name if name.startswith("core-") else name.replace("-", "")
    found = TEXTS.get(key)
    return (key, found) if found else None
