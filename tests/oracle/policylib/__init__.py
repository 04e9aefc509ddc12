"""The policy engine of Cilium 1.18.3, to compare with."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A request has the name of the `cluster`, whether policies are `apart` from other clusters,
    `policies`, `parties` (labels, ports, host) and `connections` (positions of source and target,
    port, protocol, direction). Its answer has `refused`, what Cilium says against each policy, and
    a verdict for each connection: open, denied by a rule, or closed."""
    return golibs.ask(Path(__file__).parent, requests)
