"""`gitops check`: formats, what a change causes, what is ignored, and watching."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec
import pytest

from tests.fleets import Fleet, Ran
from tests.repositories import Repository

SYNC = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1h
  path: ./clusters/test
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
"""

HOMELESS = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: {namespace}
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """One cluster with one mistake: nothing creates the namespace `wbe`."""
    files = {
        "clusters/test/flux-system/gotk-sync.yaml": SYNC,
        "clusters/test/web.yaml": HOMELESS.format(name="web", namespace="wbe"),
        "gitops.toml": 'outside = ["Secret/web/by-hand"]\n',
    }
    return Fleet(tmp_path).write(files)


def rules(ran: Ran) -> list[tuple[str, str]]:
    """The rules of a JSON report, each with its place."""
    shown = msgspec.json.decode(ran.out)
    return [(f["rule"], f["at"]["path"]) for f in shown["findings"]]


def test_a_report_goes_to_the_terminal_and_to_files_in_one_run(fleet: Fleet) -> None:
    ran = fleet.run("check", "--report", "sarif=out/found.sarif", "--report", "junit=found.xml")
    assert ran.code == 1
    assert b"object/namespace-missing" in ran.out
    log = msgspec.json.decode((fleet.repository / "out/found.sarif").read_bytes())
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["object/namespace-missing"]
    assert 'failures="1"' in (fleet.repository / "found.xml").read_text()


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("json", b'{"findings": '),
        ("sarif", b'{\n "$schema": '),
        ("junit", b"<?xml "),
        ("github", b"::error file=clusters/test/web.yaml,line=5,title=object/namespace-missing::"),
        ("gitlab", b"[\n {\n"),
        ("text", b"clusters/test/web.yaml:5: error object/namespace-missing: "),
    ],
)
def test_every_format_can_be_printed(fleet: Fleet, format: str, start: bytes) -> None:
    ran = fleet.run("check", "-o", format)
    assert (ran.code, ran.out[: len(start)]) == (1, start)


@pytest.mark.parametrize("wanted", ["sarif", "sarif=", "=x", "html=x"])
def test_a_report_needs_a_format_and_a_file(fleet: Fleet, wanted: str) -> None:
    ran = fleet.run("check", "--report", wanted)
    assert (ran.code, ran.err) == (
        2,
        f"gitops check: --report {wanted}: FORMAT=FILE is expected, with text, json, sarif, junit, "
        "github, gitlab\n",
    )


def test_what_is_ignored_is_counted_and_no_failure(fleet: Fleet) -> None:
    fleet.write(
        {
            "gitops.toml": '[[ignore]]\nrule = "object/namespace-missing"\n'
            'object = "ConfigMap/*"\nreason = "made by hand"\n'
        }
    )
    ran = fleet.run("check")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, b"no findings (1 ignored)")


def test_an_entry_of_the_configuration_that_is_not_needed_is_told_with_its_line(
    fleet: Fleet,
) -> None:
    entry = '[[ignore]]\nrule = "flux/healthcheck-inert"\nreason = "once"\n'
    fleet.write({"gitops.toml": f'kube-version = "1.33.5"\n\n{entry}'})
    assert b"gitops.toml:3: warning ignore/unused: " in fleet.run("check").out


def test_a_reason_is_required(fleet: Fleet) -> None:
    fleet.write({"gitops.toml": '[[ignore]]\nrule = "object/namespace-missing"\nreason = ""\n'})
    ran = fleet.run("check", "--json")
    assert rules(ran) == [
        ("object/namespace-missing", "clusters/test/web.yaml"),
        ("config/invalid", "gitops.toml"),
    ]


@pytest.fixture
def branched(fleet: Fleet) -> Fleet:
    """The mistake is on `main`, which has since got another; the branch adds one of its own."""
    repository = Repository(fleet.repository)
    repository.branch("main")
    repository.commit()
    repository.branch("change")
    fleet.write({"clusters/test/shop.yaml": HOMELESS.format(name="shop", namespace="shpo")})
    repository.commit()
    repository.checkout("main")
    fleet.write({"clusters/test/other.yaml": HOMELESS.format(name="other", namespace="ohter")})
    repository.commit()
    repository.checkout("change")
    return fleet


def test_only_what_a_change_causes_is_reported(branched: Fleet) -> None:
    assert len(rules(branched.run("check", "--json"))) == 2
    ran = branched.run("check", "--changed-since", "main", "--json")
    assert ran.code == 1
    assert rules(ran) == [("object/namespace-missing", "clusters/test/shop.yaml")]


def test_a_change_that_only_moves_lines_causes_nothing(branched: Fleet) -> None:
    moved = "# a line more\n" + HOMELESS.format(name="web", namespace="wbe")
    branched.write({"clusters/test/web.yaml": moved})
    (branched.repository / "clusters/test/shop.yaml").unlink()
    ran = branched.run("check", "--changed-since", "main", "--json")
    assert (ran.code, rules(ran)) == (0, [])


def test_a_revision_has_no_working_tree_to_compare_or_to_watch(branched: Fleet) -> None:
    ran = branched.run("check", "--rev", "HEAD", "--changed-since", "main")
    assert (ran.code, ran.err) == (
        2,
        "gitops check: --rev is no working tree: leave out --watch and --changed-since\n",
    )


def test_a_report_is_kept_while_nothing_changes(fleet: Fleet) -> None:
    first = fleet.run("check")
    again = fleet.python(
        "import sys; from gitops.cli import main; main.main(['check']); "
        "sys.stderr.write(str('gitops.check.engine' in sys.modules))"
    )
    assert (again.out, again.err) == (first.out, "False")
    fleet.write({"clusters/test/web.yaml": HOMELESS.format(name="web", namespace="default")})
    assert fleet.run("check").code == 0


def test_what_rules_are_told_is_part_of_what_is_kept(fleet: Fleet) -> None:
    until = '[[ignore]]\nrule = "object/namespace-missing"\nreason = "soon"\nexpires = 2026-03-01\n'
    fleet.write({"gitops.toml": f"outside = []\n{until}"})
    day = 24 * 60 * 60
    assert fleet.run("check", SOURCE_DATE_EPOCH=str(20513 * day)).code == 0
    late = fleet.run("check", SOURCE_DATE_EPOCH=str(20514 * day))
    assert (late.code, b"ignore/expired" in late.out) == (1, True)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    for line in stream:
        yield line.decode()


def test_watching_checks_again_when_a_file_is_saved(fleet: Fleet) -> None:
    started = fleet.start("check", "--watch")
    killer = threading.Timer(fleet.patience, started.kill)
    killer.start()
    try:
        assert started.stdout
        lines = _lines(started.stdout)
        assert any(line == "1 error\n" for line in lines)
        repaired = HOMELESS.format(name="web", namespace="default")
        stop = threading.Event()

        def save() -> None:
            """Until it was seen: the watch may begin a moment after the first report."""
            while not stop.wait(0.2):
                fleet.write({"clusters/test/web.yaml": repaired})

        saving = threading.Thread(target=save)
        saving.start()
        try:
            assert any(line == "--- clusters/test/web.yaml changed\n" for line in lines)
            assert any(line == "no findings\n" for line in lines)
        finally:
            stop.set()
            saving.join()
        os.kill(started.pid, signal.SIGINT)
        started.stdout.read()
        assert started.wait() == 130
    finally:
        killer.cancel()
        started.kill()
        started.communicate()
