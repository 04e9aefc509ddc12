"""Names of files that programs look for by a pattern, in Secrets that are mounted whole.

Source: OpenSSH, sshd_config, `HostKey` and `HostCertificate`: /etc/ssh/ssh_host_*_key, the public
key in `.pub` and a certificate in `-cert.pub`; GitLab Shell's chart takes `ssh_host_*_key`.
"""

import re
from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_START = "ssh_host_"
_KEY = re.compile(r"ssh_host_[a-z0-9-]+_key(\.pub|-cert\.pub)?")
Way = tuple[str | int, ...]


def overlooked(facts: Index) -> Iterator[Finding]:
    """A key of an SSH server has a name that servers look for."""
    for kind in (("", "Secret"), ("external-secrets.io", "ExternalSecret")):
        for owned in facts.of(*kind):
            if _START.encode() in owned.manifest.raw and not owned.manifest.incomplete:
                for way, name in _keys(facts, owned):
                    if name.startswith(_START) and not _KEY.fullmatch(name):
                        spot = Spot(facts, owned, way)
                        yield spot.warning(
                            "secret/host-key",
                            f"{spot.who} has the key {name}, and SSH servers look for files named "
                            "ssh_host_*_key: it is not offered to anybody",
                            "end the name with _key",
                        )


def _keys(facts: Index, owned: Owned) -> Iterator[tuple[Way, str]]:
    body = facts.body(owned.manifest)
    for field in ("data", "stringData"):
        yield from (((field, name), name) for name in mapping(body.get(field)))
    for number, each in enumerate(listing(at(body, "spec", "data"))):
        way: Way = ("spec", "data", number, "secretKey")
        if not at(body, "spec", "target", "template", "data"):
            yield way, text(mapping(each).get("secretKey"))
    template: Way = ("spec", "target", "template", "data")
    yield from (((*template, name), name) for name in mapping(at(body, *template)))
