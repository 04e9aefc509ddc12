"""Bodies of generated ConfigMaps and Secrets."""

from typing import Any

import pytest

from gitops.build.kustomize import generators
from gitops.model.finding import Finding, Severity
from gitops.model.origin import Location
from gitops.sources.tree import MemoryTree

AT = Location("app/kustomization.yaml")
FILES: dict[str, str | bytes] = {
    "app/a.txt": "one\r\ntwo\n",
    "app/bin": b"\xff\x00" * 30,
    "app/tab.sh": "\techo\necho\n",
    "app/vars.env": "\ufeffA=1\n\n  # comment\n  B='2 '\r\nC\n=ignored\nD=x=y",
    "app/wrong.env": b"A=1\nB=\xff\n",
    "shared/s.txt": "shared",
}


def config_map(args: dict[str, Any], options: dict[str, Any] | None = None) -> Any:
    return generators.config_map(args, options or {}, MemoryTree(FILES), "app", AT)


def test_data_comes_from_literals_files_and_env_files() -> None:
    args = {
        "name": "c",
        "namespace": "n",
        "literals": ["z=1", "y='q'", 'x="a b"', "w='", "v=a=b", "u="],
        "files": ["a.txt", "key=../shared/s.txt"],
        "envs": ["vars.env"],
    }
    assert config_map(args) == (
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "c", "namespace": "n"},
            "data": {
                "A": "1",
                "B": "'2 '",
                "C": "",
                "D": "x=y",
                "a.txt": "one\r\ntwo\n",
                "key": "shared",
                "u": "",
                "v": "a=b",
                "w": "'",
                "x": "a b",
                "y": "q",
                "z": "1",
            },
        },
        (),
    )


def test_what_is_no_text_is_binary_data_in_lines_of_70() -> None:
    body, findings = config_map({"name": "c", "files": ["bin"]})
    assert findings == ()
    assert body["binaryData"] == {"bin": "/wD/AP8A" * 8 + "/wD/AP\n" + "8A/wD/AP8A\n"}
    assert "data" not in body


def test_secrets_hold_everything_in_base64() -> None:
    args = {"name": "s", "literals": ["a=1"], "env": "vars.env", "type": "kubernetes.io/tls"}
    body, _ = generators.secret(args, {}, MemoryTree(FILES), "app", AT)
    assert body == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "type": "kubernetes.io/tls",
        "data": {"A": "MQ==", "B": "JzIgJw==", "C": "", "D": "eD15", "a": "MQ=="},
    }
    assert generators.secret({"name": "s"}, {}, MemoryTree({}), "", AT)[0] == {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s"},
        "type": "Opaque",
        "data": {},
    }


def test_options_of_the_entry_win_over_those_of_all_generators() -> None:
    body, _ = config_map(
        {"name": "c", "options": {"labels": {"b": "2", "a": "1"}}},
        {"labels": {"b": "0", "c": "3"}, "annotations": {"x": "y"}, "immutable": True},
    )
    assert body == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "c",
            "labels": {"a": "1", "b": "2", "c": "3"},
            "annotations": {"x": "y"},
        },
        "immutable": True,
    }
    assert list(body["metadata"]["labels"]) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("args", "rule", "message"),
    [
        ({}, "kustomize/generator-invalid", "an entry for a ConfigMap has no name"),
        ({"literals": ["=x"]}, "kustomize/generator-invalid", "the literal '=x' is not key=value"),
        ({"literals": ["x"]}, "kustomize/generator-invalid", "the literal 'x' is not key=value"),
        ({"files": ["a=b=c"]}, "kustomize/generator-invalid",
         "the file 'a=b=c' is not path or key=path"),
        ({"files": ["=a.txt"]}, "kustomize/generator-invalid",
         "the file '=a.txt' is not path or key=path"),
        ({"files": ["a.txt="]}, "kustomize/generator-invalid",
         "the file 'a.txt=' is not path or key=path"),
        ({"literals": ["a=1", "a=2"]}, "kustomize/generator-invalid", "c has the key 'a' twice"),
        ({"envs": ["wrong.env"]}, "kustomize/generator-invalid",
         "line 2 of wrong.env is not UTF-8"),
        ({"files": ["tab.sh"]}, "kustomize/generator-invalid",
         "kustomize cannot read back what it prints for tab.sh: it begins with a tab"),
        ({"files": ["none"]}, "kustomize/missing-file", "app/none does not exist"),
        ({"envs": ["../../x"]}, "kustomize/missing-file", "'../../x' leaves the repository"),
        ({"files": ["k=https://example.com/f"]}, "kustomize/remote-file",
         "https://example.com/f would be downloaded while building"),
    ],
)  # fmt: skip
def test_mistakes(args: dict[str, Any], rule: str, message: str) -> None:
    body, findings = config_map({"name": "c", **args} if args else {})
    assert body is None
    assert [(each.rule, each.severity, each.at, each.message) for each in findings] == [
        (rule, Severity.ERROR, AT, message)
    ]
    assert all(each.hint for each in findings)


def test_all_mistakes_are_reported() -> None:
    _, findings = config_map({"name": "c", "literals": ["x", "=y"], "files": ["none"]})
    assert len(findings) == 3


def test_a_very_long_line_ends_an_env_file() -> None:
    tree = MemoryTree({"e.env": f"A=1\nB={'x' * 70_000}\nC=3\n"})
    body, findings = generators.config_map({"name": "c", "envs": ["e.env"]}, {}, tree, "", AT)
    assert body is not None
    assert body["data"] == {"A": "1"}
    assert findings == (
        Finding(
            "kustomize/generator-invalid",
            Severity.WARNING,
            AT,
            "kustomize reads e.env only up to line 2, which is too long",
            "shorten it",
        ),
    )
