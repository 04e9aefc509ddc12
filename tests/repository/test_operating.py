"""Every command that a page or a task tells an operator to type exists."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from gitops.cli import main
from gitops.doctor import tools
from gitops.estate import loading
from gitops.sources.disk import DiskTree
from tests.repository import manifests, operating

PAGES = operating.pages()
TASKS = operating.tasks()
NEEDED = {
    "first-bootstrap.md",
    "replace-a-node.md",
    "replace-a-disk.md",
    "upgrade.md",
    "restore-a-database.md",
    "restore-a-cluster.md",
    "rotate-secrets.md",
    "power-loss.md",
}
LOADED, _ = loading.load(DiskTree(str(manifests.ROOT)))
assert LOADED is not None
ESTATE = LOADED.estate


def commands(program: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of one program, each with its page or task, without the program."""
    for page, typed in PAGES.items():
        yield from ((page, words[1:]) for words in typed if words[0] == program)
    for task, lines in TASKS.items():
        yield from ((task, line.split()[1:]) for line in lines if line.split()[0] == program)


def after(option: str, words: list[str]) -> str:
    return words[words.index(option) + 1] if option in words else ""


def test_there_is_a_page_for_whatever_an_operator_has_to_do() -> None:
    assert set(PAGES) >= NEEDED
    index = (manifests.ROOT / "docs/how-to/README.md").read_text("utf-8")
    assert [page for page in PAGES if page != "README.md" and f"({page})" not in index] == []


def test_pages_and_tasks_use_programs_that_are_pinned() -> None:
    pinned = {tool.program for tool in tools.pinned((manifests.ROOT / "mise.toml").read_text())}
    known = pinned | {"./gitops", "git", "task"}
    used = {words[0] for typed in PAGES.values() for words in typed}
    used |= {line.split()[0] for lines in TASKS.values() for line in lines}
    assert used - known == set()


def test_every_verb_is_known_with_all_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    for place, words in commands("./gitops"):
        plain = [word for word in words if "{{" not in word]
        assert plain[0] in main.VERBS, f"{place}: {' '.join(words)}"
        options = [word for word in plain if word.startswith("--")]
        main.main([plain[0], "--help"])
        told = capsys.readouterr().out
        if len(plain) > 1 and re.search(rf"\{{[^}}]*\b{re.escape(plain[1])}\b", told):
            main.main([plain[0], plain[1], "--help"])
            told += capsys.readouterr().out
        missing = [option for option in options if option.partition("=")[0] not in told]
        assert missing == [], f"{place}: {' '.join(words)}"


def test_every_verb_of_an_operator_is_a_task() -> None:
    used = {words[0] for _, words in commands("./gitops")}
    assert set(main.VERBS) - used == set()


def test_every_task_says_what_it_does_in_a_line() -> None:
    for name, told in operating.described().items():
        assert name == "default" or re.fullmatch(r"[A-Z].{10,90}[^.]", told), name


@pytest.mark.parametrize("program", ["kubectl", "flux", "talosctl"])
def test_contexts_machines_and_namespaces_exist(program: str) -> None:
    namespaces = set(re.findall(r"(?m)^\s*namespace: (\S+)$", everything()))
    nodes = {str(n.address) for cluster in ESTATE.clusters.values() for n in cluster.nodes.values()}
    for page, words in commands(program):
        if "{{" in " ".join(words) or page == "rotate-secrets.md":
            continue
        assert after("--context", words) in ESTATE.clusters, f"{page}: {words}"
        assert after("--namespace", words) in {"", "kube-system", *namespaces}, f"{page}: {words}"
        assert set(filter(None, after("--nodes", words).split(","))) <= nodes, f"{page}: {words}"


def test_units_that_pages_stop_and_start_exist() -> None:
    for page, words in commands("flux"):
        if words[2:4] in (["suspend", "kustomization"], ["resume", "kustomization"]):
            assert words[4] in manifests.steps(after("--context", words)), f"{page}: {words}"


def test_kustomizations_of_one_page_are_resumed_where_they_were_suspended() -> None:
    for page, typed in PAGES.items():
        stopped = [w[4] for w in typed if w[0] == "flux" and "suspend" in w]
        started = [w[4] for w in typed if w[0] == "flux" and "resume" in w]
        assert stopped == started, page


def everything() -> str:
    """All manifests as one text."""
    folder = manifests.ROOT / "kubernetes"
    return "\n".join(path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml")))


def test_the_pins_of_programs_are_exact() -> None:
    pins = tomllib.loads((manifests.ROOT / "mise.toml").read_text("utf-8"))["tools"]
    assert [name for name, pin in pins.items() if not re.fullmatch(r"\d+\.\d+\.\d+", pin)] == []
