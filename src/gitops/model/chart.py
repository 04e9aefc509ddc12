"""Helm charts: what they are called, and what one is when it is here."""

from typing import Protocol

import msgspec


class StoredChart(msgspec.Struct, frozen=True, order=True):
    """A chart that can be read without the network.

    `address` is the repository address joined with the chart's name: `oci://host/path/name` or
    `https://host/path/name`. `version` is exact, as Chart.yaml has it. `digest` is
    `sha256:` over the chart's files and does not depend on how it was packed; `origin_digest` is
    the digest its registry gave it (the OCI manifest digest, or that of the archive an HTTP
    repository served), or "" when it was imported. `path` is the absolute path of the archive in
    the store.
    """

    address: str
    version: str
    digest: str
    app_version: str = ""
    origin_digest: str = ""
    path: str = ""


class ChartStore(Protocol):
    """The charts that are here. Never dials out."""

    def versions(self, address: str) -> tuple[str, ...]:
        """The exact versions held of a chart, and the tags it was pulled by, in no order."""

    def find(self, address: str, version: str) -> StoredChart | None:
        """One chart at an exact version, a tag it was pulled by, or its OCI manifest digest."""
