"""`python -m bench`: how long builds take on this machine, and against what.

Everything is measured in one run, in a temporary folder with a cache of its own. What counts are
the ratios: seconds of one machine say nothing on another.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench import fleet, others, own, running, validating
from gitops.sources.charts import keep
from gitops.sources.charts.store import Store

RUNS = 5
SIZES = {"70/60": (2, 70, 60), "250/160": (3, 250, 160)}
"""Clusters, Kustomizations and HelmReleases of the fleets, by the name they have in the table."""


class Bench:
    """One fleet and a cache, both of which are gone afterwards."""

    def __init__(self, folder: Path, charts: Path, size: tuple[int, int, int]) -> None:
        self.repository = folder / "repository"
        self.charts = charts
        self._cache = folder / "cache"
        self._changes = 0
        fleet.write(self.repository, *size)
        store = Store(str(self._cache / "charts"))
        for chart in sorted(charts.iterdir()):
            keep.import_chart(str(chart), f"oci://registry.example.org/charts/{chart.name}", store)

    @property
    def environment(self) -> Mapping[str, str]:
        """That of every command."""
        return {**environment(), "GITOPS_CACHE": str(self._cache)}

    def command(self, *arguments: str) -> tuple[str, ...]:
        """A command line of gitops for the repository."""
        return (*running.GITOPS, *arguments, "--repo", str(self.repository))

    def rows(self) -> Iterator[tuple[str, float]]:
        """What was measured, and the seconds it took."""
        yield "build, no cache", self._seconds("build", "--no-cache")
        yield "build, empty cache", self._seconds("build", before=self._forget)
        yield "build, warm", self._seconds("build")
        yield "build, one file changed", self._seconds("build", before=self._change)
        yield "check, empty cache", self._seconds("check", before=self._forget)
        yield "check, warm", self._seconds("check")
        yield "check, one file changed", self._seconds("check", before=self._change)

    def memory(self) -> float | None:
        """MiB at the worst moment of a build from nothing."""
        return running.peak_mebibytes(self.command("build", "--no-cache"), self.environment)

    def _seconds(self, *arguments: str, before: object = None) -> float:
        prepare = before if callable(before) else lambda: None
        return running.seconds(self.command(*arguments), self.environment, RUNS, prepare)

    def _forget(self) -> None:
        shutil.rmtree(self._cache / "results", ignore_errors=True)

    def _change(self) -> None:
        """Another replica in one Deployment: what one looks at while one works."""
        self._changes += 1
        path = self.repository / "kubernetes/units/c0/unit1/size.yaml"
        text = path.read_text("utf-8").partition("# changed")[0]
        path.write_text(f"{text}# changed {self._changes}\n", "utf-8")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="gitops-bench-") as folder:
        charts = Path(folder) / "charts"
        charts.mkdir()
        fleet.charts(charts)
        _starting()
        rate = validating.rate()
        asked = _kept(rate >= validating.LEAST, f"at least {validating.LEAST}")
        print(f"{'objects validated':<26}{rate:8.0f} a second, schemas compiled{asked}")
        _rules(Path(folder) / "own")
        for name, size in SIZES.items():
            clusters, kustomizations, releases = size
            print(f"\n{clusters} clusters, {kustomizations} Kustomizations, {releases} releases")
            _table(Bench(Path(folder) / name.replace("/", "-"), charts, size))


def _starting() -> None:
    bare = running.seconds(running.BARE, os.environ, 2 * RUNS)
    ours = running.seconds((*running.GITOPS, "--version"), os.environ, 2 * RUNS)
    print(f"{'interpreter alone':<26}{bare * 1000:8.0f} ms")
    print(f"{'gitops --version':<26}{ours * 1000:8.0f} ms   {(ours - bare) * 1000:.0f} ms more")


def _rules(folder: Path) -> None:
    """What all rules add. Beside seconds on the wall those of all processors, and what share these
    are of a build from nothing, which is what a first run takes anyway."""
    print("\nthis repository             build      rules   on processors")
    whole = 0.0
    for what, built, more in own.Own(folder).rows(environment(), 2 * RUNS):
        whole = whole or built.processors
        print(f"{what:<26}{built.wall * 1000:8.0f} ms", end="")
        if more.processors:
            share = f"{more.processors * 1000:8.0f} ms, {100 * more.processors / whole:.1f} %"
            print(f"{more.wall * 1000:8.0f} ms{share}", end="")
        limit = own.LIMITS.get(what)
        asked = _kept(more.wall <= limit, f"at most {limit * 1000:.0f} ms") if limit else ""
        print(asked, flush=True)


def _kept(kept: bool, limit: str) -> str:
    return f"; {limit}: {'kept' if kept else 'NOT KEPT'}"


def environment() -> Mapping[str, str]:
    """That of every command: ours, without keys and without what makes Python slower."""
    left_out = ("SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE", "PYTHONDONTWRITEBYTECODE")
    return {name: text for name, text in os.environ.items() if name not in left_out}


def _table(bench: Bench) -> None:
    whole = _of_others(bench)
    for what, taken in bench.rows():
        ratio = f"   {whole / taken:6.1f} times as fast" if whole else ""
        print(f"{what:<26}{taken * 1000:8.0f} ms{ratio}", flush=True)
    memory = bench.memory()
    told = f"{memory:8.0f} MiB" if memory is not None else "     ? (there is no /proc)"
    print(f"{'peak memory, no cache':<26}{told}")


def _of_others(bench: Bench) -> float:
    """Seconds of kustomize and helm; 0 where they cannot be had."""
    absent = others.missing()
    if absent:
        print(f"kustomize and helm: not compared, {' and '.join(absent)} not on PATH")
        return 0.0
    taken = others.seconds(bench.repository, bench.charts)
    print(f"{'kustomize and helm':<26}{taken * 1000:8.0f} ms", flush=True)
    return taken


if __name__ == "__main__":
    main()
