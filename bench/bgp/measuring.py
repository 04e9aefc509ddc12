"""What is done to the lab, what has to come of it, and how long that takes."""

import time
from collections.abc import Callable, Iterator

import msgspec

from bench.bgp.lab import Lab, Missed
from gitops.network.bgp import Group, Neighbour

_SOON = 5.0
"""Seconds within which something that a node says has reached the router's kernel."""

_SILENT = 3.0
"""Seconds in which something that must not happen is watched for."""


class Row(msgspec.Struct, frozen=True):
    """What was done, the seconds until its effect was in the router's kernel, and the bounds that
    these follow from the facts."""

    what: str
    effect: str
    seconds: float
    least: float
    most: float

    @property
    def kept(self) -> bool:
        """Whether the bounds hold."""
        return self.least <= self.seconds <= self.most


class Trial:
    """One lab, and the addresses that are announced in it: one of each cluster's pool."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.first, self.second = lab.speaker.groups[:2]
        self.address = self.of(self.first, 10)

    def of(self, group: Group, number: int) -> str:
        """An address of a cluster's pool, as it is announced."""
        return f"{group.pool[number]}/32"

    def rows(self) -> Iterator[Row]:
        """Everything, one after another; the lab is as it was after each."""
        for step in (
            self.sessions,
            self.shared,
            self.foreign,
            self.nothing_told,
            self.wrong_password,
            self.gone,
            self.unplugged,
            self.plugged,
            self.silent,
            self.restarted,
            self.crashed,
            self.flooded,
        ):
            yield step()

    def sessions(self) -> Row:
        """Every node has a session; they dial again after five seconds."""
        count = sum(1 for _ in self.lab.nodes)
        seconds = self.lab.wait(self._all_up, "all sessions")
        return Row("all daemons started", f"{count} sessions up", seconds, 0, 20)

    def shared(self) -> Row:
        """An address that all nodes of a cluster announce has all of them as next hops."""
        for node in self.first.neighbours:
            self.lab.announce(node, self.address)
        seconds = self.lab.wait(self._whole, "all next hops")
        ways = len(self.first.neighbours)
        return Row("an address announced by all nodes", f"{ways} next hops", seconds, 0, _SOON)

    def foreign(self) -> Row:
        """A node announces what is not its cluster's: a new and a known address of the other, its
        own pool as a whole, pods, and the way to everywhere. The address that it may announce comes
        last: once that is there, all others were looked at and refused."""
        thief, own = self.second.neighbours[0], self.of(self.second, 99)
        stolen = (
            self.address,
            self.of(self.first, 99),
            "0.0.0.0/0",
            str(self.second.pool),
            "192.0.2.0/24",
        )
        self.lab.announce(thief, *stolen, own)
        there = (str(thief.address),)
        seconds = self.lab.wait(lambda: self.lab.hops(own) == there, "what it may announce")
        taken = [route for route in stolen if there[0] in self.lab.hops(route)]
        if taken or not self._whole():
            raise Missed(f"the router took {taken or 'something'} from {thief.name}")
        self.lab.withdraw(thief, *stolen, own)
        self.lab.wait(lambda: self.lab.hops(own) == (), "the end of it")
        return Row("another cluster's address, a default route", "refused", seconds, 0, _SOON)

    def nothing_told(self) -> Row:
        """The router announces nothing to anybody."""
        told = {address: count for address, count in self.lab.told().items() if count}
        if told:
            raise Missed(f"the router announces routes: {told}")
        return Row("what the router announces", "nothing", 0, 0, 0)

    def wrong_password(self) -> Row:
        """A node with another password has no session, and the others keep theirs."""
        node = self.second.neighbours[-1]
        self.lab.kill(node)
        self.lab.wait(lambda: not self._up(node), "the end of its session")
        self.lab.start(node, "another-password")
        self._never(lambda: self._up(node) or self._others_down(node), "a session without a key")
        self.lab.kill(node)
        self.lab.start(node)
        seconds = self.lab.wait(self._all_up, "its session with the right password")
        return Row("a wrong password, then the right one", "no session, then one", seconds, 0, 20)

    def gone(self) -> Row:
        """A node that takes its leave is left at once."""
        node = self.first.neighbours[0]
        self.lab.cease(node)
        seconds = self.lab.wait(self._without(node), "its next hop to go")
        self._again(node)
        return Row("a node closes its session", "next hop gone", seconds, 0, 1)

    def unplugged(self) -> Row:
        """The switch is between the two: the router finds out by the hold time."""
        node = self.first.neighbours[1]
        self.lab.cable(node, plugged=False)
        return self._given_up(node, "a node's cable is pulled")

    def plugged(self) -> Row:
        """Back again, a node is used as soon as it has dialled."""
        node = self.first.neighbours[1]
        self.lab.cable(node, plugged=True)
        seconds = self.lab.wait(self._whole, "its next hop to come back")
        return Row("the cable is back", "next hop there", seconds, 0, 40)

    def silent(self) -> Row:
        """Packets are lost and the link stays up."""
        node = self.first.neighbours[2]
        self.lab.swallow(node, silently=True)
        row = self._given_up(node, "a switch drops a node's packets")
        self.lab.swallow(node, silently=False)
        self.lab.wait(self._whole, "its next hop to come back")
        return row

    def restarted(self) -> Row:
        """A daemon that dies and is back within the restart time is not missed."""
        node = self.first.neighbours[0]
        self.lab.kill(node)
        self.lab.wait(lambda: not self._up(node), "the end of its session")
        start = time.monotonic()
        self._never(lambda: not self._whole(), "a lost next hop", 1.0)
        self.lab.start(node)
        self.lab.announce(node, self.address)
        while not self._up(node):
            self._never(lambda: not self._whole(), "a lost next hop", 0.1)
        taken = time.monotonic() - start
        self._never(lambda: not self._whole(), "a lost next hop")
        least, most = 1, self.lab.speaker.restart_time
        return Row("a daemon restarts", "no next hop lost", taken, least, most)

    def crashed(self) -> Row:
        """One that does not come back draws its share of flows for the restart time."""
        node = self.first.neighbours[0]
        self.lab.kill(node)
        seconds = self.lab.wait(self._without(node), "its next hop to go")
        self.lab.start(node)
        self.lab.announce(node, self.address)
        self.lab.wait(self._whole, "its next hop to come back")
        restart = self.lab.speaker.restart_time
        return Row("a daemon dies for good", "next hop gone", seconds, restart - 1, restart + 3)

    def flooded(self) -> Row:
        """A node that announces more than the limit loses its session, and all it announced.

        FRR counts what came before the route that it looks at: it notices one later than Junos."""
        node = self.first.neighbours[0]
        limit = self.lab.speaker.groups[0].limit
        extra = [self.of(self.first, 20 + number) for number in range(limit + 1)]
        start = time.monotonic()
        self.lab.announce(node, *extra)
        self.lab.wait(lambda: "PfxCt" in self._state(node), "the end of its session")
        self.lab.wait(self._without(node), "its next hop to go")
        taken = time.monotonic() - start
        if any(self.lab.hops(route) for route in extra):
            raise Missed("routes of a closed session stay")
        what = f"a node announces {len(extra) + 1} addresses"
        return Row(what, "session closed", taken, 0, 10 + limit / 2)

    def _given_up(self, node: Neighbour, what: str) -> Row:
        hold, keepalive = self.lab.speaker.hold_time, self.lab.speaker.keepalive
        seconds = self.lab.wait(self._without(node), "its next hop to go")
        return Row(what, "next hop gone", seconds, hold - keepalive - 1, hold + 1)

    def _again(self, node: Neighbour) -> None:
        self.lab.kill(node)
        self.lab.start(node)
        self.lab.announce(node, self.address)
        self.lab.wait(self._whole, "its next hop to come back")

    def _never(self, happens: Callable[[], bool], what: str, seconds: float = _SILENT) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if happens():
                raise Missed(f"{what}, which must not be: {self.lab.sessions()}")
            time.sleep(0.02)

    def _state(self, node: Neighbour) -> str:
        return self.lab.sessions()[str(node.address)]

    def _up(self, node: Neighbour) -> bool:
        return self._state(node) == "Established"

    def _all_up(self) -> bool:
        return set(self.lab.sessions().values()) == {"Established"}

    def _others_down(self, node: Neighbour) -> bool:
        states = self.lab.sessions()
        del states[str(node.address)]
        return set(states.values()) != {"Established"}

    def _whole(self) -> bool:
        wanted = sorted(str(node.address) for node in self.first.neighbours)
        return self.lab.hops(self.address) == tuple(wanted)

    def _without(self, node: Neighbour) -> Callable[[], bool]:
        wanted = sorted(str(each.address) for each in self.first.neighbours if each != node)
        return lambda: self.lab.hops(self.address) == tuple(wanted)
