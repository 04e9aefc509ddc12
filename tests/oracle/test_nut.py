"""Our configuration in the hands of NUT itself, with a UPS that follows a script.

Wants upsd, upsmon, upssched and dummy-ups of Debian's nut-server and nut-client, installed or
unpacked into the folder that GITOPS_NUT names.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from gitops.power import battery, nut
from gitops.power.nut import Place
from tests import estates

pytestmark = pytest.mark.oracle

ROOT = Path(os.environ.get("GITOPS_NUT", "/"))
FOLDERS = [ROOT / folder for folder in ("lib/nut", "sbin", "usr/sbin", "bin", "usr/bin")]
"""Debian's scripts in sbin look into /etc/nut; the programs themselves are elsewhere."""
PROGRAMS = ("upsd", "upsmon", "upssched", "upsc", "dummy-ups")
PATIENCE = 2


def program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join(map(str, FOLDERS)))
    if found is None:
        pytest.skip(f"{name} is not here: install nut-server and nut-client, or set GITOPS_NUT")
    return found


class Nut:
    """NUT in a folder of its own, on a port of its own, all processes in the foreground."""

    def __init__(self, folder: Path) -> None:
        self.programs = {name: program(name) for name in PROGRAMS}
        self.folder = folder
        self.port = free_port()
        self.started: list[subprocess.Popen[bytes]] = []
        self.write()

    @property
    def environment(self) -> Mapping[str, str]:
        libraries = [ROOT / folder / "x86_64-linux-gnu" for folder in ("lib", "usr/lib")]
        return {
            **os.environ,
            "NUT_CONFPATH": str(self.folder),
            "NUT_STATEPATH": str(self.folder),
            "NUT_ALTPIDPATH": str(self.folder),
            **(
                {}
                if Path("/") == ROOT
                else {"LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries))}
            ),
        }

    def write(self) -> None:
        """Ours, but for what a test cannot have: passwords, SNMP, and the port that others use."""
        where = Place(str(self.folder), str(self.folder), self.programs["upssched"], PATIENCE)
        for path, text in nut.files(estates.loaded().estate, where).items():
            name = Path(path).name.removesuffix(".tmpl")
            adapted = self.adapted(text)
            (self.folder / name).write_text(self.simulated(name, adapted), "utf-8")
            (self.folder / name).chmod(0o700 if name == "upssched-cmd" else 0o600)
        self.say("OL", 2400)

    def adapted(self, text: str) -> str:
        text = re.sub(r"\{\{ op://\S+ \}\}", "password-of-a-test", text)
        text = text.replace("LISTEN 10.0.11.30 3493\n", "").replace("3493", str(self.port))
        text = text.replace("@localhost", f"@localhost:{self.port}")
        text = text.replace("HOSTSYNC 60", "HOSTSYNC 1").replace("FINALDELAY 5", "FINALDELAY 0")
        return text.replace("/sbin/shutdown -h +0", f"touch {self.folder}/shut-down")

    def simulated(self, name: str, text: str) -> str:
        if name != "ups.conf":
            return text
        kept = [line for line in text.splitlines() if "ignorelb" in line or "override" in line]
        devices = [
            f"[{each}]\n  driver = dummy-ups\n  port = {each}.dev" for each in ("ups", "ats")
        ]
        return "\n".join([devices[0], *kept, devices[1], ""])

    def say(self, status: str, runtime: int) -> None:
        for name in (nut.UPS, nut.ATS):
            text = f"ups.status: {status}\nbattery.runtime: {runtime}\nbattery.charge: 80\n"
            fresh = self.folder / f"{name}.new"
            fresh.write_text(text, "utf-8")
            fresh.replace(self.folder / f"{name}.dev")

    def start(self, name: str, *arguments: str) -> None:
        command = [self.programs[name], *arguments]
        log = open(self.folder / f"{name}.log", "ab")  # noqa: SIM115
        self.started.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log))
        log.close()

    def ask(self) -> battery.Reading | None:
        command = [self.programs["upsc"], f"{nut.UPS}@localhost:{self.port}"]
        done = subprocess.run(command, env=self.environment, capture_output=True, check=False)
        return battery.read(done.stdout.decode())

    def is_marked(self) -> bool:
        return (self.folder / "on-battery").exists()

    def logs(self) -> str:
        return "\n".join(path.read_text("utf-8") for path in sorted(self.folder.glob("*.log")))


@pytest.fixture(name="here")
def _here(tmp_path: Path) -> Iterator[Nut]:
    here = Nut(tmp_path)
    try:
        for name in (nut.UPS, nut.ATS):
            here.start("dummy-ups", "-a", name, "-u", "root", "-F", "-x", "mode=dummy-loop")
        here.start("upsd", "-F", "-u", "root")
        wait(here, lambda: here.ask() is not None, "upsd knows the UPS")
        here.start("upsmon", "-F", "-u", "root")
        wait(here, lambda: "Communications" in here.logs() or ready(here), "upsmon is there")
        yield here
    finally:
        for each in reversed(here.started):
            each.terminate()
        for each in here.started:
            each.wait(10)


def ready(here: Nut) -> bool:
    return "connected to UPS" in here.logs() or len(here.started) > 3


def wait(here: Nut, holds: Callable[[], bool], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}\n{here.logs()}"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def status(here: Nut) -> frozenset[str]:
    reading = here.ask()
    return reading.status if reading else frozenset()


def test_an_outage_is_noticed_and_its_end_too(here: Nut) -> None:
    """OL, OB for longer than a moment, OL again: the mark that systemd waits for comes and goes."""
    assert not here.is_marked()
    here.say("OB DISCHRG", 1500)
    wait(here, lambda: "OB" in status(here), "the UPS is on battery")
    wait(here, here.is_marked, "upssched marks the outage")
    reading = here.ask()
    assert reading is not None
    assert reading.runtime == 1500
    here.say("OL CHRG", 1500)
    wait(here, lambda: not here.is_marked(), "upssched takes the mark away")
    assert not (here.folder / "shut-down").exists()


def test_a_battery_below_our_limit_is_low_and_ends_in_the_last_resort(here: Nut) -> None:
    """The UPS says nothing of LB: `override.battery.runtime.low` makes it so, and upsmon acts."""
    here.say("OB DISCHRG", 299)
    wait(here, lambda: {"OB", "LB"} <= status(here), "299 s of battery are low")
    wait(here, here.is_marked, "a low battery waits for nothing")
    wait(here, (here.folder / "shut-down").exists, "upsmon shuts this host down")
