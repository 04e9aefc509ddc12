"""A small estate that can be shut down: the groups of `estates`, and programs that only pretend."""

import json
import sys
from pathlib import Path

from gitops.power import groups
from gitops.power.groups import Group
from gitops.power.order import Named, Order, Stage
from tests import estates

ORDER = Order(
    {Stage.WORKLOADS: ("shop",), Stage.SERVICES: ("logs",), Stage.DATABASES: ("databases",)},
    postgres=(Named("databases", "postgres"),),
    ceph=(Named("rook-ceph", "rook-ceph"),),
)
EMPTY = Order(dict.fromkeys(Stage, ()))


def all_groups() -> tuple[Group, ...]:
    """two, one and the NAS, in this order."""
    orders = {"one": ORDER, "two": EMPTY}
    folders = {name: f"/state/{name}" for name in orders}
    return groups.of(estates.loaded().estate, orders, folders)


SCRIPT = '''\
#!PYTHON
"""A stand-in: writes down how it was called, and answers as NAME would."""
import json, pathlib, sys
folder = pathlib.Path(__file__).parent
words = " ".join(sys.argv[1:])
with open(folder / "calls", "a") as calls:
    calls.write("NAME " + words + "\\n")
for pattern, (code, out, err) in json.loads((folder / "answers.json").read_text()).items():
    if pattern in "NAME " + words:
        sys.stdout.write(out)
        sys.stderr.write(err)
        sys.exit(code)
'''

PROGRAMS = ("kubectl", "talosctl", "ssh", "wakeonlan", "upsc")

WELL = {
    'type=="cnpg.io/hibernation"': (0, "True", ""),
    "ceph health": (0, "HEALTH_OK", ""),
    "etcd members": (0, "one-01 two-01", ""),
}
"""What programs say where everything is well; else nothing, and 0."""


def stand_ins(folder: Path, answers: dict[str, tuple[int, str, str]] | None = None) -> None:
    """Put them into a folder for PATH; an answer is given where its key is part of a call."""
    for name in PROGRAMS:
        script = folder / name
        script.write_text(SCRIPT.replace("PYTHON", sys.executable).replace("NAME", name), "utf-8")
        script.chmod(0o755)
    (folder / "answers.json").write_text(json.dumps({**(answers or {}), **WELL}), "utf-8")


def calls(folder: Path) -> list[str]:
    """How they were called, in order."""
    path = folder / "calls"
    return path.read_text("utf-8").splitlines() if path.exists() else []
