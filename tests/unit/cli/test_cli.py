"""The command line: what it prints where, and with which exit code."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from gitops.cli import compose, main
from gitops.errors import PathError, ToolError
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect
from tests import fleets
from tests.encryption import Encryption, Person
from tests.fleets import Fleet
from tests.repositories import Repository
from tests.unit.sources import charts

pytestmark = pytest.mark.xdist_group("cli")  # one worker makes the fleet that they all read

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A fleet without mistakes, whose results are in its cache."""
    fleet = Fleet(tmp_path_factory.mktemp("sound")).write(fleets.files()).hold(*fleets.HELD)
    assert fleet.run("check").code == 0
    return fleet


@pytest.fixture
def empty(tmp_path: Path) -> Fleet:
    """A repository with nothing in it."""
    fleet = Fleet(tmp_path)
    fleet.repository.mkdir()
    return fleet


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command line in this process: exit code, standard output, standard error."""

    def call(fleet: Fleet, *arguments: str) -> tuple[int, str, str]:
        for name in ("SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE", "XDG_CONFIG_HOME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in fleet.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(fleet.repository)
        code = main.main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    yield call


def write(fleet: Fleet, path: str, text: str) -> None:
    fleet.write({path: text})


OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
BROKEN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n"


def test_a_sound_fleet_is_0(sound: Fleet, run: Run) -> None:
    code, out, err = run(sound, "check")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "1 note"


def test_a_mistake_is_1_and_on_standard_output(empty: Fleet, run: Run) -> None:
    write(empty, "clusters/test/map.yaml", BROKEN)
    code, out, err = run(empty, "check")
    assert (code, err) == (1, "")
    assert out.startswith("clusters/test/map.yaml:3: error yaml/syntax: ")


def test_a_build_prints_objects_and_tells_mistakes_on_standard_error(
    empty: Fleet, run: Run
) -> None:
    write(empty, "clusters/test/apps.yaml", fleets._unit("gone"))
    code, out, err = run(empty, "build", "-o", "names")
    assert code == 1
    assert out == "test Kustomization.kustomize.toolkit.fluxcd.io/flux-system/gone\n"
    assert err.startswith("clusters/test/apps.yaml:2: error flux/missing-path: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "usage: gitops VERB"),
        (["biuld"], "gitops: no verb 'biuld'"),
        (["build", "--frobnicate"], "gitops build: unrecognized arguments: --frobnicate"),
        (["build", "-o", "toml"], "gitops build: argument -o/--output: invalid choice: 'toml'"),
        (["check", "north"], "gitops check: no cluster north; there are east, west"),
        (["check", "--repo", "nowhere"], "gitops check: nowhere is not a folder"),
        (["check", "--source", "x"], "gitops check: --source x: URL=DIR is expected"),
        (["check", "--kube-version", "new"], "gitops check: --kube-version new is no version"),
        (["check", "--flux-version", "x.y"], "gitops check: --flux-version x.y is no version"),
        (["rules", "no/such"], "gitops rules: no rule 'no/such'"),
        (["charts"], "gitops charts: the following arguments are required: ACTION"),
        (["charts", "pull", "oci://example.org/a"], "gitops charts: name the version too"),
        (["charts", "pull", "ftp://x/y", "1.0.0"], "gitops charts: 'ftp://x/y' is not the address"),
        (["charts", "import", ".", "nowhere"], "gitops charts: 'nowhere' is not the address"),
    ],
)
def test_a_command_line_that_cannot_be_is_2(
    sound: Fleet, run: Run, arguments: list[str], message: str
) -> None:
    code, out, err = run(sound, *arguments)
    assert code == 2
    assert (out + err).startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--rev", "HEAD"], "gitops check: "),
        (["charts", "import", "nowhere", "oci://example.org/a"], "gitops charts: nowhere"),
        (["check", "--helm", "command"], "gitops check: helm is not installed"),
    ],
)
def test_a_tool_that_fails_is_3(
    sound: Fleet,
    run: Run,
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs = sound.repository.parent / "bin"
    programs.mkdir(exist_ok=True)
    if not (programs / "git").exists():
        (programs / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setitem(sound.environment, "PATH", str(programs))
    code, out, err = run(sound, *arguments)
    assert (code, out) == (3, "")
    assert err.startswith(message)
    assert err.count("\n") == 1


@pytest.mark.parametrize("verb", [*main.VERBS])
def test_every_verb_tells_its_options(sound: Fleet, run: Run, verb: str) -> None:
    code, out, err = run(sound, verb, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: gitops {verb}")


@pytest.mark.parametrize("word", ["-h", "--help", "help"])
def test_help_lists_the_verbs(sound: Fleet, run: Run, word: str) -> None:
    code, out, err = run(sound, word)
    assert (code, err) == (0, "")
    assert all(f"  {verb}" in out for verb in main.VERBS)


def test_no_verb_runs_into_what_it_does(empty: Fleet, run: Run) -> None:
    _, out, _ = run(empty, "--help")
    told = [line.strip().split("  ", 1) for line in out.splitlines() if line.startswith("  ")]
    assert {verb: words.strip() for verb, words in told} == main.VERBS


def test_the_version_is_told(sound: Fleet, run: Run) -> None:
    assert run(sound, "--version") == (0, "gitops 0.1.0\n", "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check"], {"findings", "ignored", "clusters", "summary"}),
        (["build"], {"clusters"}),
        (["lock"], {"written", "removed", "not locked"}),
    ],
)
def test_verbs_print_json(sound: Fleet, run: Run, arguments: list[str], expected: set[str]) -> None:
    code, out, _ = run(sound, *arguments, "--json")
    shutil.rmtree(sound.repository / "gitops.lock.d", ignore_errors=True)
    assert code == 0
    assert set(msgspec.json.decode(out)) == expected


@pytest.mark.parametrize(
    "arguments", [["rules"], ["rules", "yaml/syntax"], ["charts", "list"], ["charts", "verify"]]
)
def test_lists_are_printed_as_json(sound: Fleet, run: Run, arguments: list[str]) -> None:
    code, out, err = run(sound, *arguments, "--json")
    assert (code, err) == (0, "")
    assert isinstance(msgspec.json.decode(out), list)


def test_importing_prints_json(empty: Fleet, run: Run) -> None:
    chart = str(fleets.CHARTS / "web")
    code, out, _ = run(empty, "charts", "import", chart, "oci://example.org/web", "--json")
    (held,) = msgspec.json.decode(out)
    assert (code, held["address"], held["version"]) == (0, "oci://example.org/web", "1.2.3")


def objects(out: str) -> list[dict[str, object]]:
    """All objects of `build --json`."""
    return [
        each["object"]
        for cluster in msgspec.json.decode(out)["clusters"]
        for unit in cluster["units"]
        for each in unit["objects"]
    ]


def test_yaml_and_json_hold_the_same_objects(sound: Fleet, run: Run) -> None:
    _, text, _ = run(sound, "build")
    _, json, _ = run(sound, "build", "-o", "json")
    assert run(sound, "build", "--json")[1] == json
    documents, findings = yamlio.parse(text.encode(), "out", Dialect.SIGS)
    assert findings == ()
    assert [document.value for document in documents] == objects(json)
    assert len(documents) == 36


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["east", "--kind", "configmap", "--name", "config"], ["back/config", "front/config"]),
        (["east", "--name", "config"], ["back/config", "front/config"]),
        (["--release", "back", "west"], ["back/seen"]),
        (["west", "--release", "back", "--kind", "Secret"], []),
        (
            ["east", "--kustomization", "back", "--kind", "ConfigMap"],
            ["back/config", "back/made-66tk655m6g"],
        ),
        (
            ["east", "--kustomization", "back", "--release", "back", "--kind", "ConfigMap"],
            ["back/config", "back/made-66tk655m6g", "back/seen"],
        ),
    ],
)
def test_filters_leave_what_was_asked_for(
    sound: Fleet, run: Run, arguments: list[str], names: list[str]
) -> None:
    code, out, err = run(sound, "build", "-o", "names", *arguments)
    assert code == 0
    found = [line.split("\t")[-1].partition("/")[2] for line in out.splitlines()]
    assert sorted(found) == names
    assert "1 note" in err  # findings are those of all that was compiled


def test_a_release_or_kustomization_that_is_nowhere_is_2(sound: Fleet, run: Run) -> None:
    for option, kind in (("--release", "HelmRelease"), ("--kustomization", "Kustomization")):
        code, out, err = run(sound, "build", "east", "-o", "names", option, "bakc")
        assert (code, out) == (2, "")
        assert err.splitlines()[-1] == f"gitops build: no {kind} is called bakc in east"


def test_the_tree_shows_who_renders_whom(sound: Fleet, run: Run) -> None:
    _, out, _ = run(sound, "build", "east", "-o", "tree")
    assert (
        out
        == """\
east (kubernetes/clusters/east)
└─ ✓ Kustomization/flux-system/flux-system  3 objects
   ├─ ✓ Kustomization/flux-system/front  5 objects
   │  └─ ✓ HelmRelease/front/front  web 1.2.3  4 objects
   └─ ✓ Kustomization/flux-system/back  5 objects
      └─ ✓ HelmRelease/back/back  cluster 1.2.3  1 object
"""
    )


def test_origins_are_shown_when_asked_for(sound: Fleet, run: Run) -> None:
    arguments = ("build", "east", "--kustomization", "front", "--name", "config")
    _, out, _ = run(sound, *arguments, "--show-origin")
    comments = [line for line in out.splitlines() if line.startswith("#")]
    assert comments[0] == (
        "# Kustomization/flux-system/front from kubernetes/apps/front/config.yaml:2"
    )
    assert [comment.split()[1] for comment in comments[1:]] == [
        "resource",
        "transformer",
        "patch",
        "transformer",
        "substitute",
        "metadata",
    ]
    assert "#" not in run(sound, *arguments)[1]
    _, json, _ = run(sound, *arguments, "--show-origin", "--json")
    (unit,) = msgspec.json.decode(json)["clusters"][0]["units"]
    assert unit["objects"][0]["origin"]["source"]["line"] == 2


def test_a_revision_gives_what_its_working_tree_gave(
    run: Run, tmp_path: Path, sound: Fleet
) -> None:
    repository = Repository(tmp_path / "repository")
    fleet = Fleet(tmp_path).write(fleets.files())
    fleet.environment["GITOPS_CACHE"] = str(sound.cache)
    commit = repository.commit()
    before = run(fleet, "build", "--show-origin")
    write(fleet, "kubernetes/apps/front/config.yaml", BROKEN)
    assert run(fleet, "build")[0] == 1
    assert run(fleet, "build", "--show-origin", "--rev", commit[:12]) == before
    assert run(fleet, "build", "--show-origin", "--rev", "HEAD", "--no-cache") == before


def test_a_folder_below_the_root_stands_for_the_repository(
    run: Run, tmp_path: Path, sound: Fleet
) -> None:
    repository = Repository(tmp_path / "repository")
    fleet = Fleet(tmp_path).write(fleets.files())
    fleet.environment["GITOPS_CACHE"] = str(sound.cache)
    repository.commit()
    whole = run(fleet, "build")
    assert run(fleet, "build", "--repo", "kubernetes/apps") == whole


def test_a_repository_without_clusters_is_told(empty: Fleet, run: Run) -> None:
    code, out, _ = run(empty, "check")
    assert (code, out.split(": ")[1]) == (1, "error cluster/none")


def test_an_entry_is_a_cluster(empty: Fleet, run: Run) -> None:
    write(empty, "deploy/prod/map.yaml", OBJECT)
    code, out, _ = run(empty, "build", "-o", "names", "--entry", "one=deploy/prod")
    assert (code, out) == (0, "one ConfigMap/a\n")


@pytest.mark.parametrize(
    "text", ["kube_version = '1'\n", "[entries\n", "entries = 5\n", "a = '\\xff'\n"]
)
def test_a_configuration_that_cannot_be_read_is_a_finding(
    empty: Fleet, run: Run, text: str
) -> None:
    empty.write({"gitops.toml": text.encode("latin-1"), "clusters/test/map.yaml": OBJECT})
    code, out, _ = run(empty, "check")
    assert (code, out.split(": ")[1]) == (1, "error config/invalid")
    assert "1 object" in out


@pytest.mark.parametrize("make", ["folder", "link", "pipe"])
def test_a_configuration_that_is_no_file_is_a_finding(empty: Fleet, run: Run, make: str) -> None:
    place = empty.repository / "gitops.toml"
    match make:
        case "folder":
            place.mkdir()
        case "link":
            place.symlink_to("/etc/hostname")
        case _:
            os.mkfifo(place)
    write(empty, "clusters/test/map.yaml", OBJECT)
    code, out, _ = run(empty, "check")
    assert (code, out.split(": ")[1]) == (1, "error config/invalid")


def test_a_configured_version_is_checked(empty: Fleet, run: Run) -> None:
    write(empty, "gitops.toml", "kube-version = 'newest'\nflux-version = '2'\n")
    write(empty, "clusters/test/map.yaml", OBJECT)
    code, out, _ = run(empty, "check")
    assert code == 1
    assert [line.split(": ")[1] for line in out.splitlines() if ": error " in line] == [
        "error config/invalid",
        "error config/invalid",
    ]


def test_a_configured_copy_that_is_not_there_is_told(empty: Fleet, run: Run) -> None:
    write(empty, "gitops.toml", "[sources]\n'https://example.org/other' = '../other'\n")
    write(empty, "clusters/test/map.yaml", OBJECT)
    code, out, _ = run(empty, "check")
    assert (code, out.split(": ")[1]) == (1, "error config/missing-source")


def test_locks_are_written_and_then_hold(run: Run, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path).write(fleets.files()).hold(*fleets.HELD)
    code, out, _ = run(fleet, "lock")
    assert (code, out.splitlines()) == (
        0,
        [
            "written gitops.lock.d/east/back/back.yaml",
            "written gitops.lock.d/east/front/front.yaml",
            "written gitops.lock.d/west/back/back.yaml",
            "written gitops.lock.d/west/front/front.yaml",
        ],
    )
    assert run(fleet, "lock") == (0, "", "")
    shutil.rmtree(fleet.cache)
    code, out, _ = run(fleet, "check")
    assert code == 0
    assert "2 HelmReleases (2 from the lock)" in out


def test_locks_do_not_depend_on_keys(run: Run, tmp_path: Path) -> None:
    person = Person()
    sealed = Encryption(person, encrypted_regex="^stringData$").encrypt(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "settings", "namespace": "flux-system"},
            "stringData": {"REGION": "hidden-region"},
        },
        "stringData",
    )
    files = fleets.files()
    for cluster in ("east", "west"):
        folder = f"kubernetes/clusters/{cluster}"
        files[f"{folder}/settings.yaml"] = yamlio.dump(sealed)
        files[f"{folder}/apps.yaml"] = files[f"{folder}/apps.yaml"].replace("ConfigMap", "Secret")
        files[f"{folder}/gotk-sync.yaml"] = DECRYPTING.replace("CLUSTER", cluster)
    fleet = Fleet(tmp_path).write(files).hold(*fleets.HELD)
    fleet.environment["SOPS_AGE_KEY"] = person.secret
    assert "hidden-region" in run(fleet, "build")[1]
    assert run(fleet, "lock")[0] == 0
    locks = sorted((fleet.repository / "gitops.lock.d").rglob("*.yaml"))
    assert [path for path in locks if "hidden" in path.read_text("utf-8")] == []
    assert run(fleet, "check")[0] == 0
    del fleet.environment["SOPS_AGE_KEY"]
    assert run(fleet, "check")[0] == 0
    assert run(fleet, "lock") == (0, "", "")
    assert "hidden" not in run(fleet, "build")[1]


DECRYPTING = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  path: ./kubernetes/clusters/CLUSTER
  decryption: {provider: sops}
  sourceRef: {kind: GitRepository, name: flux-system}
"""


def test_a_release_that_cannot_be_locked_is_named(empty: Fleet, run: Run) -> None:
    empty.write(fleets.files()).hold("web")
    code, out, _ = run(empty, "lock", "--json")
    assert code == 1
    assert msgspec.json.decode(out)["not locked"] == [
        "gitops.lock.d/east/back/back.yaml",
        "gitops.lock.d/west/back/back.yaml",
    ]


def test_the_charts_that_are_here_are_listed_and_verified(run: Run, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path).write({"a": ""}).hold("web")
    _, listed, _ = run(fleet, "charts", "list")
    assert listed.startswith("oci://example.org/web 1.2.3 sha256:")
    assert run(fleet, "charts", "verify") == (0, "1 charts, all whole\n", "")
    (archive,) = fleet.cache.glob("charts/archives/*/*.tgz")
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    code, out, _ = run(fleet, "charts", "verify")
    assert code == 1
    assert out.startswith("oci://example.org/web 1.2.3: ")


def test_a_damaged_chart_is_told_and_counts_as_absent(run: Run, tmp_path: Path) -> None:
    fleet = Fleet(tmp_path).write(fleets.files()).hold(*fleets.HELD)
    for archive in fleet.cache.glob("charts/archives/*/*.tgz"):
        archive.write_bytes(archive.read_bytes()[:-1])
    code, out, _ = run(fleet, "check")
    assert code == 0
    assert out.count("note helm/damaged-chart: ") == 2
    assert "2 HelmReleases (2 unknown)" in out


def test_a_file_name_that_is_not_utf8_is_told(empty: Fleet, run: Run) -> None:
    write(empty, "clusters/test/map.yaml", OBJECT)
    with open(os.fsencode(empty.repository) + b"/clusters/test/\xff.yaml", "w") as file:
        file.write(OBJECT)
    code, out, _ = run(empty, "check")
    assert code == 0
    assert out.startswith("clusters/test/\\udcff.yaml: warning repository/file-name: ")


def test_an_archive_is_imported(empty: Fleet, run: Run) -> None:
    empty.write({"app.tgz": charts.chart_archive()})
    code, out, _ = run(empty, "charts", "import", "app.tgz", "https://example.org/charts/app")
    assert code == 0
    assert out.startswith("https://example.org/charts/app 1.2.3 sha256:")


def test_rules_are_listed_and_explained(sound: Fleet, run: Run) -> None:
    _, listed, _ = run(sound, "rules")
    _, explained, _ = run(sound, "rules", "yaml/syntax")
    assert "yaml/syntax" in listed
    assert explained.startswith("yaml/syntax")


@pytest.mark.parametrize("arguments", [["build"], ["rules"], ["check"], ["charts", "list"]])
def test_a_reader_that_goes_away_is_no_mistake(sound: Fleet, arguments: list[str]) -> None:
    started = sound.start(*arguments)
    assert started.stdout is not None
    started.stdout.close()
    assert started.stderr is not None
    err = started.stderr.read()
    started.stderr.close()
    if arguments == ["build"]:
        assert b"Traceback" not in err
        assert b"Exception ignored" not in err
    else:
        assert err == b""
    assert started.wait(60) == 0


def test_a_full_disk_behind_standard_output_is_3(sound: Fleet) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "gitops", "build"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=sound.repository,
            env=sound.environment,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.decode().splitlines()[-1] == "gitops build: No space left on device"


def test_output_is_utf8_wherever_it_goes(sound: Fleet) -> None:
    tree = sound.run("build", "-o", "tree", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert "✓".encode() in tree.out
    assert tree.code == 0


def test_an_interruption_is_130_and_silent(empty: Fleet) -> None:
    git, started = empty.repository / "git", empty.repository / "started"
    git.write_text(f"#!/bin/sh\n: >{started}\nexec sleep 60\n")
    git.chmod(0o755)
    slow = empty.start("check", "--rev", "HEAD", PATH=f"{empty.repository}:{os.environ['PATH']}")
    while not started.exists():
        assert slow.poll() is None
        time.sleep(0.01)
    slow.send_signal(signal.SIGINT)
    out, err = slow.communicate(timeout=20)
    assert (slow.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (KeyboardInterrupt(), 130, ""),
        (ToolError("the disk is on fire"), 3, "gitops check: the disk is on fire\n"),
        (PathError("a", "a cannot be read"), 3, "gitops check: a cannot be read\n"),
        (OSError(28, "No space left"), 3, "gitops check: No space left\n"),
        (OSError(28, "No space left", "/x"), 3, "gitops check: /x: No space left\n"),
        (
            KeyError("a"),
            3,
            "gitops check: a mistake in gitops itself, KeyError in test_cli.py:LINE: 'a'; "
            "GITOPS_TRACEBACK=1 shows how it came to that\n",
        ),
        (MemoryError(), 3, "gitops check: the memory of this machine is full\n"),
    ],
)
def test_whatever_happens_is_told_in_a_line(
    sound: Fleet,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    code: int,
    words: str,
) -> None:
    def fail(_: object) -> None:
        raise raised

    monkeypatch.setattr(compose, "compiled", fail)
    line = str(fail.__code__.co_firstlineno + 1)
    assert run(sound, "check") == (code, "", words.replace("LINE", line))
