"""Classic chart repositories: an index.yaml, and archives beside it."""

import hashlib
import re
from typing import Any
from urllib.parse import urljoin

import msgspec

from gitops.errors import RegistryError
from gitops.sources import yamlio
from gitops.sources.charts import wire

_ENTRIES = re.compile(rb"^entries:[ ]*$", re.MULTILINE)


class Listed(msgspec.Struct, frozen=True):
    """What an index says of one version: the address of its archive, and its SHA-256 or ""."""

    version: str
    url: str
    digest: str


class Repository:
    """One repository, by the address that index.yaml lies under. The index is read once."""

    def __init__(self, url: str, limits: wire.Limits) -> None:
        self._url = url.rstrip("/") + "/"
        self._session = wire.session(limits)
        self._index: bytes | None = None

    def listed(self, chart: str) -> dict[str, Listed]:
        """What the index says of a chart, by version. Raises RegistryError."""
        if self._index is None:
            self._index = wire.get(self._session, urljoin(self._url, "index.yaml"))
        entries = self._entries(self._index, chart)
        found = (self._listed(entry) for entry in entries if isinstance(entry, dict))
        return {each.version: each for each in found if each}

    def archive(self, listed: Listed) -> bytes:
        """The archive of one version, which has the digest that the index promises."""
        content = wire.get(self._session, listed.url)
        digest = hashlib.sha256(content).hexdigest()
        if listed.digest not in ("", digest):
            raise RegistryError(
                f"{listed.url} has the SHA-256 {digest}, but the index of its repository promises "
                f"{listed.digest}: it was damaged on the way, or replaced"
            )
        return content

    def _entries(self, index: bytes, chart: str) -> list[Any]:
        entries, why = _parsed(_excerpt(index, chart))
        if entries is None:
            entries, why = _parsed(index)
        if entries is None:
            raise RegistryError(f"{self._url}index.yaml is not the index of charts: {why}")
        found = entries.get(chart)
        if not isinstance(found, list):
            raise RegistryError(
                f"{self._url} has no chart {chart!r}; check the name and the address"
            )
        return found

    def _listed(self, entry: dict[str, Any]) -> Listed | None:
        version, urls, digest = entry.get("version"), entry.get("urls"), entry.get("digest")
        if not isinstance(version, str) or not isinstance(urls, list) or not urls:
            return None
        digest = digest.removeprefix("sha256:") if isinstance(digest, str) else ""
        try:
            return Listed(version, urljoin(self._url, str(urls[0])), digest)
        except ValueError:
            return None


def _parsed(text: bytes) -> tuple[dict[str, Any] | None, str]:
    """The entries of an index, or why there are none."""
    documents, findings = yamlio.parse(text, "index.yaml", yamlio.Dialect.SIGS)
    value = documents[0].value if documents else None
    entries = value.get("entries") if isinstance(value, dict) else None
    why = findings[0].message if findings else "it has no entries"
    return (entries, "") if isinstance(entries, dict) else (None, why)


def _excerpt(index: bytes, chart: str) -> bytes:
    """The part of an index that tells of one chart, or nothing where that is not plain to see.

    Indexes grow beyond 20 MB, and reading all of one as YAML takes longer than fetching it.
    """
    start = _ENTRIES.search(index)
    if not start:
        return b""
    key = re.compile(rb"\n( +)" + re.escape(chart.encode()) + rb":[ ]*\n").search(
        index, start.end()
    )
    if not key:
        return b""
    indent = key[1]
    first = re.compile(rb"\n( *)[^ \n]").match(index, start.end())
    if not first or first[1] != indent:
        return b""
    # The chart ends at the next key that stands where it stands, or further left.
    end = re.compile(rb"\n(?![ \t\n#])|\n {1,%d}(?![ #-])" % len(indent)).search(index, key.end())
    body = index[key.start() : end.start() if end else len(index)]
    return b"entries:" + body + b"\n"
