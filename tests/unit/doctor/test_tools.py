import pytest

from gitops.doctor import tools
from gitops.doctor.tools import Ask, Missing, Other, Right, State, Tool, Unclear
from gitops.errors import ToolError

KUBECTL = Tool("kubectl", "kubectl", "1.33.5", ("version", "--client"))


def saying(answer: str | None) -> Ask:
    return lambda command: answer


def test_programs_are_those_of_the_file_by_name() -> None:
    text = '[tools]\nyq = "4"\n"1password-cli" = { version = "2.32.0" }\n'
    assert tools.pinned(text) == (
        Tool("1password-cli", "op", "2.32.0", ("--version",)),
        Tool("yq", "yq", "4", ("--version",)),
    )


def test_a_file_that_is_none_is_a_broken_promise() -> None:
    with pytest.raises(ToolError, match=r"mise\.toml cannot be read"):
        tools.pinned("[tools")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("Client Version: v1.33.5\nKustomize Version: v5.6.0\n", Right("1.33.5")),
        ("Client Version: v1.33.50\n", Other("1.33.50")),
        ("Client Version: v1.34.1\n", Other("1.34.1")),
        ("kubectl: killed\n", Unclear("kubectl: killed")),
        (None, Missing()),
    ],
)
def test_a_program_is_judged_by_the_first_version_that_it_says(
    answer: str | None, state: State
) -> None:
    assert tools.examine(KUBECTL, saying(answer)) == state


def test_the_beginning_of_a_version_pins_all_that_follow() -> None:
    yq = Tool("yq", "yq", "4", ("--version",))
    assert tools.examine(yq, saying("yq version v4.54.2")) == Right("4.54.2")
    assert tools.examine(yq, saying("yq version v40.1.0")) == Other("40.1.0")


def test_a_program_is_asked_in_its_own_way() -> None:
    asked: list[tuple[str, ...]] = []

    def ask(command: tuple[str, ...]) -> str | None:
        asked.append(command)
        return None

    tools.examine(KUBECTL, ask)
    assert asked == [("kubectl", "version", "--client")]


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        (Right("1.33.5"), ""),
        (Missing(), "`mise install kubectl`, or install kubectl 1.33.5 by hand"),
        (Other("1.34.1"), "`mise install kubectl`, and let mise come first on the PATH"),
        (Unclear("?"), "run `kubectl version --client` and see"),
    ],
)
def test_there_is_a_way_out_of_every_state(state: State, remedy: str) -> None:
    assert tools.way_out(KUBECTL, state) == remedy
