"""Chart archives: what is in one, how one is made, and the digest that neither changes."""

import gzip
import hashlib
import io
import posixpath
import re
import struct
import zlib
from collections.abc import Mapping

from gitops.errors import ChartError
from gitops.sources.charts import tar

LARGEST_CHART = 100 * 1024 * 1024
"""Bytes of all files of a chart; Helm's own limit (`MaxDecompressedChartSize`)."""

LARGEST_FILE = 5 * 1024 * 1024
"""Bytes of one file of a chart; Helm's own limit (`MaxDecompressedFileSize`)."""

_HEADERS = 32 * 1024 * 1024
"""What tar headers and padding may add to the bytes of the files."""

_STORED = 0xFFFF
"""The most bytes that one stored block of deflate holds."""

_PIECE = 1 << 20

_DRIVE = re.compile(r"[a-zA-Z]:/")


def unpack(data: bytes, origin: str) -> dict[str, bytes]:
    """The files of a chart archive by their paths inside the chart; `origin` names it in errors.

    Paths lose their first folder, as in Helm, whatever that is called. Raises ChartError for what
    Helm's loader refuses: no gzip, files outside the first folder, paths that climb, chart or file
    beyond the limits. Links are refused too: Helm would read them as empty files.
    """
    files: dict[str, bytes] = {}
    for name, body in tar.files(_decompress(data, origin), origin):
        path = _inside(name, origin)
        if len(body) > LARGEST_FILE:
            raise ChartError(f"{origin}: {name} is larger than {LARGEST_FILE} bytes")
        files[path] = body
    if sum(map(len, files.values())) > LARGEST_CHART:
        raise ChartError(f"{origin} unpacks to more than {LARGEST_CHART} bytes")
    if not files:
        raise ChartError(f"{origin} holds no files")
    return files


def pack(name: str, files: Mapping[str, bytes]) -> bytes:
    """An archive of the files in a folder `name`: equal input, equal bytes.

    It is not compressed, only wrapped as gzip demands: Helm loads that twice as fast.
    """
    return _wrap(tar.write((f"{name}/{path}", files[path]) for path in sorted(files)))


def digest(files: Mapping[str, bytes]) -> str:
    """`sha256:` over the paths and contents, whatever order, packing, modes or times they had.

    It is what `sha256sum` gives for the output of `sha256sum` on the sorted paths.
    """
    listing = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(files[path]).hexdigest()
        listing.update(f"{content}  {path}\n".encode("utf-8", "surrogateescape"))
    return f"sha256:{listing.hexdigest()}"


def _wrap(content: bytes) -> bytes:
    """A gzip stream of stored blocks (RFC 1951, 3.2.4), made here to be alike for every zlib."""
    parts = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff"]
    for at in range(0, len(content), _STORED):
        block = content[at : at + _STORED]
        last = at + _STORED >= len(content)
        parts += (struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF), block)
    parts.append(struct.pack("<II", zlib.crc32(content), len(content)))
    return b"".join(parts)


def _decompress(data: bytes, origin: str) -> bytes:
    most = LARGEST_CHART + _HEADERS
    content = bytearray()
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            # In pieces: Python sets aside at once whatever a read may give at most.
            while len(content) <= most and (piece := stream.read(_PIECE)):
                content += piece
    except (OSError, EOFError, zlib.error) as cause:
        raise ChartError(f"{origin} is not a gzip archive, or a damaged one: {cause}") from cause
    if len(content) > most:
        raise ChartError(f"{origin} unpacks to more than {LARGEST_CHART} bytes")
    return bytes(content)


def _inside(name: str, origin: str) -> str:
    separator = "\\" if "\\" in name else "/"
    top, *rest = name.split(separator)
    path = "/".join(rest)
    clean = posixpath.normpath(path)
    if clean == "." or top == "Chart.yaml":
        raise ChartError(f"{origin}: {name} lies outside the chart's own folder")
    if path.startswith("/") or clean.startswith("..") or _DRIVE.match(clean):
        raise ChartError(f"{origin}: {name} leads out of the chart")
    return clean
