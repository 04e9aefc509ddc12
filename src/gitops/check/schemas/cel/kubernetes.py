"""What Kubernetes adds to the language: addresses, quantities, versions, names.

Source: apiserver `pkg/cel/library/{ip,cidr,url,quantity,semverlib,format}.go`.
"""

import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from gitops.check.schemas import formats
from gitops.check.schemas.cel import values
from gitops.check.schemas.cel.values import CelError, Opaque, Optional

_IP, _CIDR, _URL = "net.IP", "net.CIDR", "kubernetes.URL"
_QUANTITY, _SEMVER, _FORMAT = "kubernetes.Quantity", "kubernetes.Semver", "kubernetes.NamedFormat"
_FACTORS = {
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12),
    "P": Decimal(10**15), "E": Decimal(10**18), "Ki": Decimal(2**10), "Mi": Decimal(2**20),
    "Gi": Decimal(2**30), "Ti": Decimal(2**40), "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip
_NUMBER = re.compile(r"(?P<number>[+-]?[0-9.]+)(?P<unit>[a-zA-Z]*)\Z")
_EXPONENT = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+\Z")
_SEMANTIC = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?\Z"
)


def _held(value: Any, *types: str) -> Any:
    """What a value of a type of Kubernetes holds."""
    if not isinstance(value, Opaque) or value.type not in types:
        raise values.no_overload(value)
    return value.key


def ip(text: Any) -> Opaque:
    """An address; of a range, its own."""
    if isinstance(text, Opaque):
        network = _held(text, _CIDR)
        return Opaque(_IP, network.ip, str(network.ip))
    if isinstance(text, str) and "%" not in text:
        try:
            found = ipaddress.ip_address(text)
        except ValueError as cause:
            raise CelError(f"IP Address {text!r} parse error during conversion") from cause
        if not (found.version == 6 and found.ipv4_mapped):
            return Opaque(_IP, found, str(found))
    raise CelError(f"IP Address {text!r} parse error during conversion from string")


def cidr(text: Any) -> Opaque:
    """A range of addresses."""
    if isinstance(text, str) and formats.TEXTS["cidr"](text):
        found = ipaddress.ip_interface(text)
        return Opaque(_CIDR, found, f"{found.ip}/{found.network.prefixlen}")
    raise CelError(f"network address parse error during conversion from string: {text!r}")


def url(text: Any) -> Opaque:
    """An absolute address, or an absolute path."""
    if not isinstance(text, str) or not formats.TEXTS["uri"](text):
        raise CelError(f"URL parse error during conversion from string: {text!r}")
    return Opaque(_URL, text, text)


def quantity(text: Any) -> Opaque:
    """An amount such as `1.5Gi`."""
    if not isinstance(text, str) or not formats.TEXTS["core-quantity"](text):
        raise CelError("quantities must match the regular expression "
                       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")  # fmt: skip
    if _EXPONENT.match(text):
        return Opaque(_QUANTITY, Decimal(text), text)
    found = _NUMBER.match(text)
    assert found is not None
    return Opaque(_QUANTITY, Decimal(found["number"]) * _FACTORS[found["unit"]], text)


def semver(text: Any, normalise: bool = False) -> Opaque:
    """A version."""
    if normalise and isinstance(text, str):
        numbers, sign, rest = text.removeprefix("v").partition("-")
        parts = [part.lstrip("0") or "0" for part in numbers.split(".")]
        text = ".".join([*parts, "0", "0"][: max(3, len(parts))]) + sign + rest
    found = _SEMANTIC.match(text) if isinstance(text, str) else None
    if found is None:
        raise CelError(f"No Major.Minor.Patch elements found in {text!r}")
    numbers_ = tuple(int(found[n]) for n in (1, 2, 3))
    labels = tuple(_label(part) for part in found[4].split(".")) if found[4] else ()
    return Opaque(_SEMVER, (numbers_, not labels, labels), text)


def _label(text: str) -> tuple[int, int, str]:
    """Numbers come before words."""
    return (0, int(text), "") if text.isdecimal() else (1, 0, text)


def _is(make: Callable[..., Any]) -> Callable[..., bool]:
    def test(*given: Any) -> bool:
        if not isinstance(given[0], str):
            raise values.no_overload(*given)
        try:
            make(*given)
        except CelError:
            return False
        return True

    return test


def _contains_ip(network: Any, address: Any) -> bool:
    own = _held(network, _CIDR).network
    other = ip(address) if isinstance(address, str) else address
    return _held(other, _IP) in own


def _contains_cidr(network: Any, other: Any) -> bool:
    own = _held(network, _CIDR).network
    held = _held(cidr(other) if isinstance(other, str) else other, _CIDR).network
    return bool(own.version == held.version and held.subnet_of(own))


def _masked(network: Any) -> Opaque:
    own = _held(network, _CIDR).network
    return Opaque(_CIDR, ipaddress.ip_interface(str(own)), str(own))


def _is_canonical(text: Any) -> bool:
    return bool(ip(text).text == text)


def _is_integer(value: Any) -> bool:
    amount = _held(value, _QUANTITY)
    return bool(amount == amount.to_integral_value() and -(2**63) <= amount < 2**63)


def _as_integer(value: Any) -> int:
    if not _is_integer(value):
        raise CelError("cannot convert value to integer")
    return int(_held(value, _QUANTITY))


def _amount(value: Any) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    found: Decimal = _held(value, _QUANTITY)
    return found


def _ordered(holds: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def ordered(left: Any, right: Any) -> Any:
        return holds(_held(left, _QUANTITY, _SEMVER), _held(right, left.type))

    return ordered


def _address(test: str) -> Callable[[Any], bool]:
    return lambda value: bool(getattr(_held(value, _IP), test))


def _of_url(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: read(urlsplit(_held(value, _URL)))


def _host(parts: Any) -> str:
    return str(parts.netloc.rpartition("@")[2])


def _hostname(parts: Any) -> str:
    host = _host(parts)
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _port(parts: Any) -> str:
    return _host(parts).rpartition("]")[2].partition(":")[2]


_NAMES = {
    "dns1123Label": (re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\Z"), 63),
    "dns1123Subdomain": (
        re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z"),
        253,
    ),
    "dns1035Label": (re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?\Z"), 63),
    "labelValue": (re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?\Z"), 63),
}
_TEXTS = ("uri", "uuid", "byte", "date", "datetime")


def _named_format(name: str) -> Optional:
    known = name in _NAMES or name in _TEXTS
    return Optional((Opaque(_FORMAT, name, name),)) if known else Optional()


def _validate(found: Any, text: str) -> Optional:
    name = _held(found, _FORMAT)
    if name in _NAMES:
        pattern, longest = _NAMES[name]
        is_right = len(text) <= longest and pattern.match(text) is not None
    else:
        is_right = formats.TEXTS[name](text)
    return Optional() if is_right else Optional(([f"{text!r} is no {name}"],))


GLOBAL: dict[str, Callable[..., Any]] = {
    "ip": ip,
    "isIP": _is(ip),
    "ip.isCanonical": _is_canonical,
    "cidr": cidr,
    "isCIDR": _is(cidr),
    "url": url,
    "isURL": _is(url),
    "quantity": quantity,
    "isQuantity": _is(quantity),
    "semver": semver,
    "isSemver": _is(semver),
    "format.named": _named_format,
    **{
        f"format.{name}": lambda name=name: Opaque(_FORMAT, name, name)
        for name in (*_NAMES, *_TEXTS)
    },
}

METHODS: dict[str, Callable[..., Any]] = {
    "family": lambda value: _held(value, _IP).version,
    "isUnspecified": _address("is_unspecified"),
    "isLoopback": _address("is_loopback"),
    "isLinkLocalMulticast": lambda value: bool(
        _held(value, _IP) in ipaddress.ip_network("224.0.0.0/24")
        or _held(value, _IP) in ipaddress.ip_network("ff02::/16")
    ),
    "isLinkLocalUnicast": _address("is_link_local"),
    "isGlobalUnicast": lambda value: (
        not any(
            getattr(_held(value, _IP), test)
            for test in ("is_unspecified", "is_loopback", "is_multicast", "is_link_local")
        )
    ),
    "containsIP": _contains_ip,
    "containsCIDR": _contains_cidr,
    "ip": ip,
    "masked": _masked,
    "prefixLength": lambda value: _held(value, _CIDR).network.prefixlen,
    "getScheme": _of_url(lambda parts: parts.scheme),
    "getHost": _of_url(_host),
    "getHostname": _of_url(_hostname),
    "getPort": _of_url(_port),
    "getEscapedPath": _of_url(lambda parts: parts.path),
    "getQuery": _of_url(lambda parts: parse_qs(parts.query, keep_blank_values=True)),
    "isInteger": _is_integer,
    "asInteger": _as_integer,
    "asApproximateFloat": lambda value: float(_held(value, _QUANTITY)),
    "sign": lambda value: (_held(value, _QUANTITY) > 0) - (_held(value, _QUANTITY) < 0),
    "add": lambda a, b: Opaque(_QUANTITY, _held(a, _QUANTITY) + _amount(b)),
    "sub": lambda a, b: Opaque(_QUANTITY, _held(a, _QUANTITY) - _amount(b)),
    "isGreaterThan": _ordered(lambda a, b: bool(a > b)),
    "isLessThan": _ordered(lambda a, b: bool(a < b)),
    "compareTo": _ordered(lambda a, b: (a > b) - (a < b)),
    "major": lambda value: _held(value, _SEMVER)[0][0],
    "minor": lambda value: _held(value, _SEMVER)[0][1],
    "patch": lambda value: _held(value, _SEMVER)[0][2],
    "validate": _validate,
}
