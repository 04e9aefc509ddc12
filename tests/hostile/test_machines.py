"""Charts, caches and registries that misbehave: told in a finding or with exit 3, never worse."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops.sources.cache import Cache
from tests.fleets import Fleet
from tests.hostile.test_repositories import CHART, OBJECT, RELEASE

pytestmark = pytest.mark.xdist_group("machines")  # charts that fill the memory come one at a time


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """A release `good`, whose chart lies in the repository."""
    return Fleet(tmp_path).write(chart("good", OBJECT.replace("map", "good")))


def chart(name: str, template: str) -> dict[str, str | bytes]:
    """A chart of one template, and a release of it."""
    release = RELEASE.replace("CHART", f"charts/{name}").replace("name: release", f"name: {name}")
    return {
        f"charts/{name}/Chart.yaml": CHART.replace("name: chart", f"name: {name}"),
        f"charts/{name}/templates/a.yaml": template,
        f"clusters/test/{name}.yaml": release,
    }


def assert_whole(fleet: Fleet) -> None:
    """No file was left half written."""
    leftovers = [path for path in fleet.cache.rglob("*") if path.name.startswith(".tmp-")]
    assert leftovers == []
    assert [path for path in fleet.cache.rglob("*") if path.is_file() and _is_empty(path)] == []


def _is_empty(path: Path) -> bool:
    return path.name != "ledger" and path.stat().st_size == 0


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ('{{ fail "no way" }}', "no way"),
        ("{{ .Values.a.b.c }}", "nil pointer evaluating"),
        ("{{ nonsense }}", 'function "nonsense" not defined'),
        ("a: [1\n", "did not find expected"),
        (
            '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}',
            "error calling include",
        ),
        (
            '{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t "Template" .Template) }}',
            "this chart makes Helm crash",
        ),
        (
            '{{ $x := "aaaaaaaaaa" }}{{ range until 40 }}{{ $x = printf "%s%s" $x $x }}{{ end }}',
            "this chart makes Helm crash",
        ),
    ],
)
def test_a_chart_that_fails_leaves_the_others_alone(
    fleet: Fleet, template: str, reason: str
) -> None:
    fleet.write(chart("bad", template))
    ran = fleet.run("build", "-o", "names")
    (error,) = (line for line in ran.err.splitlines() if ": error " in line)
    assert ran.code == 1
    assert b"test ConfigMap/flux-system/good\n" in ran.out
    assert error.startswith("clusters/test/bad.yaml:1: error helm/render: ")
    assert reason in error
    assert len(error) < 2000
    assert_whole(fleet)


def workers(parent: int) -> list[int]:
    """The processes that a process has started."""
    with open(f"/proc/{parent}/task/{parent}/children") as file:
        return [int(word) for word in file.read().split()]


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs Linux's /proc")
def test_a_worker_that_is_killed_is_started_again(fleet: Fleet) -> None:
    slow = f"{{{{ range until 3000 }}}}\n---\n{OBJECT.replace('map', 'm{{ . }}')}{{{{ end }}}}"
    for number in range(6):
        fleet.write(chart(f"slow{number}", slow.replace("m{{", f"m{number}-{{{{")))
    expected = fleet.run("build")
    fleet.forget()
    started = fleet.start("build")
    assert started.stdout is not None
    deadline = time.monotonic() + 30
    while not workers(started.pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    for worker in workers(started.pid):
        os.kill(worker, signal.SIGKILL)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out) == (expected.code, expected.out)
    assert b"Traceback" not in err
    assert_whole(fleet)


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs Linux's /proc")
def test_a_compiler_that_is_killed_leaves_no_worker_behind(fleet: Fleet) -> None:
    slow = f"{{{{ range until 9000 }}}}\n---\n{OBJECT.replace('map', 'm{{ . }}')}{{{{ end }}}}"
    fleet.write(chart("slow", slow))
    started = fleet.start("build")
    while not workers(started.pid):
        time.sleep(0.01)
    (worker,) = workers(started.pid)
    started.kill()
    started.communicate()
    deadline = time.monotonic() + 20
    while os.path.exists(f"/proc/{worker}") and not _is_zombie(worker):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    # What was being written when the kill came may be left under a temporary name, never read.
    assert fleet.run("check").code == 0


def _is_zombie(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.fixture
def tiny(fleet: Fleet) -> Iterator[Fleet]:
    """A cache on a disk of 16 KiB."""
    fleet.cache.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(fleet.cache)]
    if shutil.which("mount") is None or _fails(mount):
        pytest.skip("mounting a small disk needs more rights")
    yield fleet
    subprocess.run(["umount", str(fleet.cache)], check=True)


def test_a_full_disk_below_the_results_is_told_and_changes_nothing(tiny: Fleet) -> None:
    for path in ("charts", "clusters"):
        shutil.rmtree(tiny.repository / path)
    data = "".join(f"  k{number}: {'v' * 1000}\n" for number in range(40))
    tiny.write({"clusters/test/map.yaml": f"{OBJECT}data:\n{data}"})
    ran = tiny.run("check")
    assert ran.code == 0
    assert ran.out.startswith(b".: note cache/off: ")
    assert b"No space left on device" in ran.out
    assert_whole(tiny)
    assert tiny.run("build").out == tiny.run("build", "--no-cache").out


def test_a_full_disk_below_the_charts_is_3(tiny: Fleet) -> None:
    tiny.write({"charts/good/README.md": os.urandom(60_000)})
    ran = tiny.run("check")
    assert (ran.code, ran.out) == (3, b"")
    assert "cannot be written: No space left on device; make room there" in ran.err
    assert ran.err.count("\n") == 1
    assert_whole(tiny)


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null", "/dev/null/cache"])
def test_a_cache_that_cannot_be_written_is_told(fleet: Fleet, place: str) -> None:
    for path in ("charts", "clusters"):
        shutil.rmtree(fleet.repository / path)
    fleet.write({"clusters/test/map.yaml": OBJECT})
    ran = fleet.run("check", GITOPS_CACHE=place)
    assert ran.code == 0
    assert ran.out.startswith(b".: note cache/off: ")
    assert b"1 object\n" in ran.out


def test_entries_of_the_cache_that_hold_something_else_are_made_anew(fleet: Fleet) -> None:
    """As a disk may turn them over, and as somebody might who cannot forge a name."""
    expected = fleet.run("build")
    cache = Cache(str(fleet.cache / "results"), 1 << 20)
    for name in fleet.kept():
        if name != "ledger":
            path = fleet.cache / "results" / name
            path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)
    assert fleet.run("build") == expected
    assert cache.notes() == ()


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x1f\x8b" + b"junk" * 99, b"PK\x03\x04" + b"\0" * 99]
)
def test_a_junk_archive_is_refused(fleet: Fleet, content: bytes) -> None:
    fleet.write({"junk.tgz": content})
    ran = fleet.run("charts", "import", "junk.tgz", "oci://example.org/junk")
    assert (ran.code, ran.out) == (3, b"")
    assert ran.err.startswith("gitops charts: junk.tgz ")
    assert ran.err.count("\n") == 1
    assert fleet.run("charts", "list").out == b""


@pytest.fixture
def closed() -> Iterator[int]:
    """A port at which nobody listens, though it is taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("scheme", ["oci", "http"])
@pytest.mark.parametrize("version", ["1.0.0", "1.x"])
def test_a_registry_that_cannot_be_reached_is_3(
    fleet: Fleet, closed: int, scheme: str, version: str
) -> None:
    fleet.patience = 30
    ran = fleet.run("charts", "pull", f"{scheme}://127.0.0.1:{closed}/charts/app", version)
    assert ran.code == 3
    assert ran.out.startswith(f"{scheme}://127.0.0.1:{closed}/charts/app {version}: ".encode())
    assert b"cannot be reached" in ran.out
    assert ran.err == ""
    assert list(fleet.cache.rglob("*.tgz")) == []
