"""Lists of networks, as kubelet and etcd take them: `10.25.11.0/24`, `!10.25.11.10`.

Source: Talos, `sideronet.ParseSubnetOrAddress`; `!` leaves out.
"""

from collections.abc import Iterator
from typing import Any

from gitops.model.finding import Finding
from gitops.talos.semantics import subject as judged
from gitops.talos.semantics.subject import Subject


def findings(subject: Subject, at: tuple[str, ...]) -> Iterator[Finding]:
    """Entries that are neither a network nor an address."""
    for number, entry in enumerate(subject.listing(*at)):
        if not is_valid(entry):
            words = f"is {entry!r}, which is neither a network nor an address"
            yield subject.error("talos/subnet", (*at, number), words, "write it like 10.25.11.0/24")


def is_valid(entry: Any) -> bool:
    """Whether it is an entry of such a list."""
    bare = entry.removeprefix("!") if isinstance(entry, str) else entry
    return judged.is_address(bare) or judged.is_network(bare)
