"""`python -m bench.bgp`: tries the estate's BGP on real daemons and prints a table.

It needs root and Debian's packages frr and gobgpd, takes about three minutes, and ends with 1 when
something took longer than it may or did not happen.
"""

import sys

from bench.bgp import lab, measuring
from bench.bgp.lab import Lab, Missed
from bench.bgp.measuring import Trial
from gitops.estate import loading
from gitops.network import bgp
from gitops.network.bgp import Speaker
from gitops.sources.disk import DiskTree


def main() -> int:
    """Try everything, one after another."""
    reason = lab.missing()
    if reason:
        print(f"not tried: {reason}")
        return 3
    loaded, wrong = loading.load(DiskTree("."))
    if loaded is None or wrong:
        print("not tried: fleet.yaml is not there or wrong; `gitops check` tells what")
        return 2
    return _table(bgp.of(loaded.estate))


def _table(speaker: Speaker) -> int:
    kept = True
    print(f"{'What happens':<44}{'Effect':<24}{'Seconds':>9}   Bounds")
    try:
        with Lab(speaker) as running:
            for row in Trial(running).rows():
                kept = kept and row.kept
                print(_line(row), flush=True)
    except Missed as cause:
        print(f"failed: {cause}")
        return 1
    return 0 if kept else 1


def _line(row: measuring.Row) -> str:
    mark = "" if row.kept else "   not kept"
    bounds = f"{row.least:g} to {row.most:g}"
    return f"{row.what:<44}{row.effect:<24}{row.seconds:9.2f}   {bounds}{mark}"


if __name__ == "__main__":
    sys.exit(main())
