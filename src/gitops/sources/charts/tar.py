"""Tar archives: reads those that a stranger may have made, writes ours always alike.

The standard library's reader follows whatever an archive says, and crafted ones have made it loop.
This one goes forward only and takes regular files alone.
"""

from collections.abc import Iterable, Iterator

from gitops.errors import ChartError

_BLOCK = 512
_NAME = 100
"""Bytes of a name that fit into a header."""

_REGULAR = (b"0", b"\0", b"7")
_FOLDER = b"5"
_LINKS = (b"1", b"2")
_PAX, _PAX_GLOBAL = b"x", b"g"
_GNU_NAME, _GNU_LINK = b"L", b"K"
_MOST_ENTRIES = 20_000
"""Entries of one archive; the largest public charts have a few hundred."""


def files(content: bytes, origin: str) -> Iterator[tuple[str, bytes]]:
    """The regular files of an uncompressed archive, in its order, under the names it gives them.

    Raises ChartError, which names `origin`, for a link, a device, a damaged header, a file that
    goes beyond the end, or more entries than any chart has. Knows ustar, GNU and pax names.
    """
    at = entries = 0
    name = ""
    while header := _header(content, at, origin):
        entries += 1
        if entries > _MOST_ENTRIES:
            raise ChartError(f"{origin} holds more than {_MOST_ENTRIES} entries")
        start, size, kind = at + _BLOCK, _number(header[124:136], origin), header[156:157]
        at = start + -(-size // _BLOCK) * _BLOCK
        if start + size > len(content):
            raise ChartError(f"{origin} is cut off in the middle of a file")
        body = content[start : start + size]
        if kind == _PAX:
            name = _pax_name(body, origin) or name
        elif kind == _GNU_NAME:
            name = _text(body)
        elif kind in _REGULAR:
            yield name or _name(header), body
            name = ""
        elif kind == _FOLDER:
            name = ""
        elif kind not in (_PAX_GLOBAL, _GNU_LINK):
            what = "a link" if kind in _LINKS else "neither a file nor a folder"
            raise ChartError(f"{origin}: {name or _name(header)} is {what}")


def write(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ustar archive of regular files, in the order given: equal input, equal bytes."""
    parts: list[bytes] = []
    for name, body in files:
        encoded = name.encode("utf-8", "surrogateescape")
        if len(encoded) > _NAME:
            parts.append(_member(b"pax", _PAX, _pax_record(b"path", encoded)))
        parts.append(_member(encoded[:_NAME], b"0", body))
    parts.append(bytes(2 * _BLOCK))
    return b"".join(parts)


def _member(name: bytes, kind: bytes, body: bytes) -> bytes:
    owner = b"%07o\0%07o\0%07o\0" % (0o644, 0, 0)
    start = name.ljust(_NAME, b"\0") + owner + b"%011o\0%011o\0" % (len(body), 0)
    end = (kind + bytes(100) + b"ustar\x0000").ljust(_BLOCK - len(start) - 8, b"\0")
    checksum = b"%06o\0 " % (sum(start) + 8 * 0x20 + sum(end))
    return b"".join((start, checksum, end, body, bytes(-len(body) % _BLOCK)))


def _pax_record(key: bytes, value: bytes) -> bytes:
    # The record's length counts its own digits.
    rest = len(key) + len(value) + 3
    length = rest + len(str(rest))
    length = rest + len(str(length))
    return b"%d %s=%s\n" % (length, key, value)


def _header(content: bytes, at: int, origin: str) -> bytes:
    header = content[at : at + _BLOCK]
    if not header.strip(b"\0"):
        return b""
    # The checksum is made with its own eight bytes as blanks.
    if len(header) < _BLOCK or _number(header[148:156], origin) != (
        sum(header[:148]) + 8 * 0x20 + sum(header[156:])
    ):
        raise ChartError(f"{origin} is not a tar archive, or a damaged one")
    return header


def _number(field: bytes, origin: str) -> int:
    text = field.strip(b" \0")
    # A set high bit marks the binary form, which only sizes beyond 8 GiB need.
    if not text.isdigit() or text.strip(b"01234567"):
        raise ChartError(f"{origin} is not a tar archive, or a damaged one")
    return int(text, 8)


def _name(header: bytes) -> str:
    name = _text(header[:_NAME])
    prefix = _text(header[345:500]) if header[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _pax_name(body: bytes, origin: str) -> str:
    """The path among records of the form `<length> <key>=<value>` and a line end."""
    name, at = "", 0
    while at < len(body):
        length, _, _ = body[at : at + 20].partition(b" ")
        if not length.isdigit() or not (size := int(length)):
            raise ChartError(f"{origin} has a damaged pax header")
        key, _, value = body[at + len(length) + 1 : at + size - 1].partition(b"=")
        if key == b"path":
            name = _text(value)
        elif key == b"size" or key.startswith(b"GNU.sparse"):
            raise ChartError(f"{origin} holds a sparse file or one beyond 8 GiB")
        at += size
    return name


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
