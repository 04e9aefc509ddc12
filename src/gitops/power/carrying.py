"""Carries a plan out, and decides what a failure means.

Whoever is at the machines wants to be told, and stops. On battery there is nobody, and what cannot
be done well is left out: in the end every machine is switched off, while it still can be.
"""

from collections.abc import Iterator

import msgspec

from gitops.bootstrap import running
from gitops.bootstrap.running import Finished, Interrupted, Outcome, Ports, Stopped
from gitops.bootstrap.step import Phase, Plan, Step

_MACHINES = (Phase.NODES, Phase.NAS)


class Haste(msgspec.Struct, frozen=True):
    """Failures are passed over, and past `seconds` everything but machines is left out."""

    seconds: float


class Care(msgspec.Struct, frozen=True):
    """The first failure ends it."""


Manner = Haste | Care


class Carried(msgspec.Struct, frozen=True):
    """How it ended, what failed on the way, and which steps were left out."""

    outcome: Outcome
    failed: tuple[Stopped, ...] = ()
    left_out: tuple[str, ...] = ()


def carry_out(plan: Plan, ports: Ports, manner: Manner) -> Carried:
    """Every step in order, as far as the manner allows."""
    if isinstance(manner, Care):
        return Carried(running.run(plan, ports))
    return _Hasty(plan, ports, manner.seconds).carry_out()


class _Hasty:
    def __init__(self, plan: Plan, ports: Ports, seconds: float) -> None:
        self._plan = plan
        self._ports = ports
        self._deadline = ports.clock.now() + seconds
        self._failed: list[Stopped] = []
        self._left_out: list[str] = []

    def carry_out(self) -> Carried:
        for step in self._steps():
            match running.run(self._alone(step), self._ports):
                case Stopped() as stopped:
                    self._failed.append(stopped)
                case Interrupted() as interrupted:
                    return self._carried(interrupted)
                case Finished():
                    pass
        return self._carried(Finished())

    def _steps(self) -> Iterator[Step]:
        for step in self._plan.steps:
            if step.phase not in _MACHINES and self._is_hopeless():
                self._left_out.append(step.name)
            else:
                yield step

    def _is_hopeless(self) -> bool:
        """Time is over, or the cluster could not be reached."""
        unreached = any(each.step.phase is Phase.PRECONDITIONS for each in self._failed)
        return unreached or self._ports.clock.now() > self._deadline

    def _alone(self, step: Step) -> Plan:
        """No step takes more than what is left for all of them."""
        left = max(self._deadline - self._ports.clock.now(), 0)
        if step.phase not in _MACHINES:
            step = msgspec.structs.replace(step, timeout=min(step.timeout, left))
        return Plan(self._plan.name, self._plan.cluster, (step,))

    def _carried(self, outcome: Outcome) -> Carried:
        return Carried(outcome, tuple(self._failed), tuple(self._left_out))
