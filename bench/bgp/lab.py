"""Namespaces and daemons of the lab. All that it starts it ends, by its own process ids."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from bench.bgp import frr, gobgp
from gitops.network.bgp import Group, Neighbour, Speaker

_DAEMONS = "/usr/lib/frr"
_PASSWORD = "only-in-the-lab"
_PATIENCE = 90.0
"""Seconds after which something that should happen counts as not happening."""

_STEP = 0.02


class Missed(Exception):
    """Something did not happen in time."""


def missing() -> str:
    """Why the lab cannot run on this machine; nothing, where it can."""
    for program in ("ip", "bridge", "gobgpd", "gobgp", "vtysh"):
        if shutil.which(program) is None:
            return f"{program} is not installed (Debian: frr, gobgpd, iproute2)"
    if not all(os.access(f"{_DAEMONS}/{name}", os.X_OK) for name in ("zebra", "bgpd")):
        return "zebra and bgpd are not installed (Debian: frr)"
    name = f"gitops-{os.getpid()}-try"
    if _run("ip", "netns", "add", name, check=False):
        return "this user may not make network namespaces"
    _run("ip", "netns", "del", name)
    return ""


class Lab:
    """A router and its nodes on one network; to be used in a `with`."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._lead = ""
        self._ending = ExitStack()
        self._nodes: dict[str, subprocess.Popen[bytes]] = {}
        self._folder = Path()

    def __enter__(self) -> "Lab":
        with ExitStack() as begun:
            self._ending = begun
            self._folder = Path(begun.enter_context(tempfile.TemporaryDirectory(prefix="bgp-")))
            self._lead = f"gitops-{self._folder.name}"
            # FRR's daemons are whom their package made, and write beside their configurations.
            shutil.chown(self._folder, "frr", "frr")
            self._network()
            self._router()
            for _, node in self.nodes:
                self.start(node)
            self._ending = begun.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    @property
    def nodes(self) -> Iterator[tuple[Group, Neighbour]]:
        """All nodes, with the group they are of."""
        for group in self.speaker.groups:
            for node in group.neighbours:
                yield group, node

    # What can be done to it.

    def start(self, node: Neighbour, password: str = _PASSWORD) -> None:
        """Start the node's daemon and wait until it answers."""
        group = next(group for group, each in self.nodes if each == node)
        path = self._folder / f"{node.name}.toml"
        path.write_text(gobgp.configuration(self.speaker, group, node, password), "utf-8")
        daemon = ("gobgpd", "-f", str(path), "--api-hosts", "127.0.0.1:50051")
        self._nodes[node.name] = self._daemon(node.name, *daemon)
        self.wait(lambda: not self._gobgp(node, "global", check=False), f"{node.name} to start")

    def kill(self, node: Neighbour) -> None:
        """End the daemon without a word."""
        _stop(self._nodes[node.name])

    def cease(self, node: Neighbour) -> None:
        """Let the node close its session as one that goes away for good does."""
        self._gobgp(node, "neighbor", str(self.speaker.address), "shutdown")

    def announce(self, node: Neighbour, *routes: str) -> None:
        """Let the node announce routes."""
        for route in routes:
            self._gobgp(node, "global", "rib", "add", route)

    def withdraw(self, node: Neighbour, *routes: str) -> None:
        """Let it take them back."""
        for route in routes:
            self._gobgp(node, "global", "rib", "del", route)

    def cable(self, node: Neighbour, *, plugged: bool) -> None:
        """Pull the cable at the switch, or put it back."""
        state = "up" if plugged else "down"
        _run("ip", "-n", self._space("lan"), "link", "set", node.name, state)

    def swallow(self, node: Neighbour, *, silently: bool) -> None:
        """Let the switch drop all that the node sends and gets, with the link up."""
        state = "0" if silently else "3"
        _run(
            *("ip", "netns", "exec", self._space("lan")),
            *("bridge", "link", "set", "dev", node.name, "state", state),
        )

    # What can be seen of it.

    def hops(self, route: str) -> tuple[str, ...]:
        """Where the router's kernel sends packets for a route, sorted."""
        command = ("ip", "-n", self._space("router"), "-j", "route", "show", "exact", route)
        found: list[dict[str, Any]] = json.loads(_output(*command) or "[]")
        gateways = [
            hop.get("gateway", "") for each in found for hop in each.get("nexthops", [each])
        ]
        return tuple(sorted(gateways))

    def sessions(self) -> dict[str, str]:
        """The state of each session, by the address of the node."""
        peers = self._summary()["peers"]
        return {address: str(peer["state"]) for address, peer in peers.items()}

    def told(self) -> dict[str, int]:
        """How many routes the router announces to each node."""
        return {address: int(peer["pfxSnt"]) for address, peer in self._summary()["peers"].items()}

    def wait(self, happened: Callable[[], bool], what: str, patience: float = _PATIENCE) -> float:
        """The seconds until something happens; raises Missed when it does not."""
        start = time.monotonic()
        while not happened():
            if time.monotonic() - start > patience:
                raise Missed(f"{what}: not within {patience:g} s; {self.sessions()}")
            time.sleep(_STEP)
        return time.monotonic() - start

    def _summary(self) -> dict[str, Any]:
        words = _output("vtysh", "--vty_socket", str(self._folder), "-c", "show bgp summary json")
        summary: dict[str, Any] = json.loads(words)["ipv4Unicast"]
        return summary

    # How it is made.

    def _space(self, name: str) -> str:
        return f"{self._lead}-{name}"

    def _network(self) -> None:
        """A bridge, and a cable to it from everybody."""
        self._make_space("lan")
        lan = ("ip", "-n", self._space("lan"))
        _run(*lan, "link", "add", "switch", "type", "bridge")
        _run(*lan, "link", "set", "switch", "up")
        addresses = {"router": self.speaker.address}
        addresses |= {node.name: node.address for _, node in self.nodes}
        for name, address in addresses.items():
            self._make_space(name)
            there = ("ip", "-n", self._space(name))
            ends = ("name", "eth0", "netns", self._space(name))
            _run(*lan, "link", "add", name, "type", "veth", "peer", *ends)
            _run(*lan, "link", "set", name, "master", "switch", "up")
            _run(*there, "address", "add", f"{address}/24", "dev", "eth0")
            _run(*there, "link", "set", "lo", "up")
            _run(*there, "link", "set", "eth0", "up")

    def _make_space(self, name: str) -> None:
        _run("ip", "netns", "add", self._space(name))
        self._ending.callback(_run, "ip", "netns", "del", self._space(name), check=False)

    def _router(self) -> None:
        path = self._folder / "bgpd.conf"
        path.write_text(frr.configuration(self.speaker, _PASSWORD), "utf-8")
        (self._folder / "zebra.conf").write_text("hostname router\n", "utf-8")
        for name in ("zebra", "bgpd"):
            own = (
                "-f",
                str(self._folder / f"{name}.conf"),
                "-i",
                str(self._folder / f"{name}.pid"),
            )
            sockets = ("-z", str(self._folder / "zserv"), "--vty_socket", str(self._folder))
            self._daemon("router", f"{_DAEMONS}/{name}", *own, *sockets)
            vty = self._folder / f"{name}.vty"
            self.wait(vty.exists, f"{name} to start", patience=10)

    def _daemon(self, space: str, *command: str) -> "subprocess.Popen[bytes]":
        log = self._ending.enter_context((self._folder / f"{space}.log").open("ab"))
        started = subprocess.Popen(
            ("ip", "netns", "exec", self._space(space), *command), stdout=log, stderr=log
        )
        self._ending.callback(_stop, started)
        return started

    def _gobgp(self, node: Neighbour, *words: str, check: bool = True) -> int:
        command = ("ip", "netns", "exec", self._space(node.name), "gobgp", *words)
        return _run(*command, check=check)


def _stop(started: "subprocess.Popen[bytes]") -> None:
    if started.poll() is None:
        started.kill()
    with suppress(subprocess.TimeoutExpired):
        started.wait(10)


def _run(*command: str, check: bool = True) -> int:
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    if check and done.returncode:
        raise Missed(f"{' '.join(command)}: {_words(done.stderr, done.stdout)}")
    return done.returncode


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    if done.returncode:
        raise Missed(f"{' '.join(command)}: {_words(done.stderr, done.stdout)}")
    return done.stdout.decode()


def _words(*outputs: Sequence[int] | bytes) -> str:
    return " ".join(bytes(each).decode(errors="replace").strip() for each in outputs)
