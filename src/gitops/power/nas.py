"""The NAS, which stops after both clusters and starts before them.

It is told by ssh, as a user that may switch it off and nothing else; it starts by itself when there
is power again.
"""

from gitops.bootstrap.step import Await, Command, Ensure, Phase, Plan, Step
from gitops.model.estate import Nas

NAME = "nas"


def down(nas: Nas) -> Plan:
    """Switch it off."""
    act = Ensure(_ssh(nas, "sudo", "-n", "/sbin/poweroff"))
    remedy = "switch it off in DSM, or press its button for as long as it takes to beep"
    return Plan(
        "power-down-nas", NAME, (Step("off", Phase.NAS, "the NAS is off", act, 60, remedy),)
    )


def up(nas: Nas) -> Plan:
    """Wait for it: nothing here can switch it on."""
    act = Await((_ssh(nas, "true"),))
    remedy = "press its button; DSM, Control Panel, Hardware & Power says whether it starts alone"
    return Plan("power-up-nas", NAME, (Step("on", Phase.NAS, "the NAS answers", act, 900, remedy),))


def _ssh(nas: Nas, *arguments: str) -> Command:
    options = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=10")
    return Command(("ssh", *options, f"power@{nas.address}", *arguments), timeout=30)
