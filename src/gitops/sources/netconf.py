"""NETCONF with a router that runs Junos, through the `ssh` program.

Source: RFC 6241, RFC 6242 (frames of version 1.0), Junos XML Management Protocol. Who the router
is, who we are and which way leads there stands in the operator's configuration of SSH.
"""

import os
import select
import time
from collections.abc import Sequence
from contextlib import suppress
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from gitops.errors import DeviceError
from gitops.sources import process

_END = b"]]>]]>"
_BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
_HELLO = (
    f'<hello xmlns="{_BASE}"><capabilities>'
    "<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>"
)
_LARGEST = 64 * 1024 * 1024
"""Bytes of one answer; no configuration is as large."""


class Session:
    """One conversation; to be closed. Every method raises DeviceError when the router refuses."""

    def __init__(self, host: str, *, timeout: float = 60) -> None:
        self._host = host
        self._timeout = timeout
        self._held = b""
        command = ("ssh", "-o", "BatchMode=yes", "-s", "--", host, "netconf")
        self._program = process.start(command)
        self._number = 0
        try:
            self._send(_HELLO)
            self._receive()
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """End it; the router forgets what was loaded and not committed."""
        with suppress(DeviceError, OSError):
            self._ask("<close-session/>")
        for pipe in (self._program.stdin, self._program.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._program.terminate()
        self._program.wait()

    def running(self) -> str:
        """What is in force, as `display set` prints it."""
        answer = self._ask('<get-configuration database="committed" format="set"/>')
        return "".join(each.text or "" for each in answer.iter("configuration-set"))

    def lock(self) -> None:
        """Keep others from changing the candidate."""
        self._ask("<lock><target><candidate/></target></lock>")

    def load(self, lines: Sequence[str]) -> None:
        """Put `set` and `delete` lines into the candidate."""
        element = Element("load-configuration", {"action": "set", "format": "text"})
        text = ElementTree.SubElement(element, "configuration-set")
        text.text = "".join(f"{line}\n" for line in lines)
        self._ask(ElementTree.tostring(element, "unicode"))

    def validate(self) -> None:
        """Let the router judge the candidate."""
        self._ask("<commit-configuration><check/></commit-configuration>")

    def commit_for(self, minutes: int) -> None:
        """Put it in force; the router goes back to what was before, unless it is confirmed."""
        timeout = f"<confirm-timeout>{minutes}</confirm-timeout>"
        self._ask(f"<commit-configuration><confirmed/>{timeout}</commit-configuration>")

    def confirm(self) -> None:
        """Let what is in force stay."""
        self._ask("<commit-configuration/>")

    def discard(self) -> None:
        """Forget the candidate."""
        self._ask("<discard-changes/>")

    def sessions(self) -> dict[str, str]:
        """The states of all BGP sessions, by the neighbour's address; the port is left out."""
        answer = self._ask("<get-bgp-summary-information/>")
        found = {}
        for peer in answer.iter("bgp-peer"):
            address = peer.findtext("peer-address", "").strip().partition("+")[0]
            found[address] = peer.findtext("peer-state", "").strip()
        return found

    def _ask(self, request: str) -> Element:
        self._number += 1
        self._send(f'<rpc message-id="{self._number}" xmlns="{_BASE}">{request}</rpc>')
        answer = self._receive()
        if answer.tag == "rpc-reply" and answer.get("message-id") != str(self._number):
            raise DeviceError(f"{self._host} answers something else than was asked")
        for wrong in answer.iter("rpc-error"):
            if wrong.findtext("error-severity", "error").strip() != "warning":
                raise DeviceError(f"{self._host}: {_reason(wrong)}")
        return answer

    def _send(self, message: str) -> None:
        pipe = self._program.stdin
        try:
            if pipe:
                pipe.write(message.encode() + _END)
                pipe.flush()
        except OSError as cause:
            raise DeviceError(f"{self._host}: ssh ended; its words stand above") from cause

    def _receive(self) -> Element:
        """The next message, its names without their namespaces."""
        end = time.monotonic() + self._timeout
        while _END not in self._held:
            self._held += self._read(end)
            if len(self._held) > _LARGEST:
                raise DeviceError(f"{self._host} sends more than {_LARGEST} bytes at once")
        message, _, self._held = self._held.partition(_END)
        try:
            found = ElementTree.fromstring(message.strip())
        except ElementTree.ParseError as cause:
            raise DeviceError(f"{self._host} sends what is no XML: {cause}") from cause
        for each in found.iter():
            each.tag = each.tag.rpartition("}")[2]
        return found

    def _read(self, end: float) -> bytes:
        pipe = self._program.stdout
        descriptor = pipe.fileno() if pipe else -1
        ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise DeviceError(f"{self._host} did not answer within {self._timeout:g} s")
        read = os.read(descriptor, 65536)
        if not read:
            raise DeviceError(f"{self._host}: ssh ended; its words stand above")
        return read


def _reason(wrong: Element) -> str:
    """What the router has to say, with the place in its configuration that it says it of."""
    message = " ".join(wrong.findtext("error-message", "refused").split())
    path = " ".join(wrong.findtext("error-path", "").split())
    return f"{message} {path}".strip()
