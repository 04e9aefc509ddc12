"""The model of NetworkPolicies that network plugins are tested with, to compare with."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A request has `policies`, `parties` (namespace, labels, labels around, ports) and
    `connections` (positions of source and target, port, protocol, direction). Its answer has a
    verdict for each connection: open or closed."""
    return golibs.ask(Path(__file__).parent, requests)
