"""Files that `.sops.yaml` wants to be encrypted."""

import pytest

from gitops.sources.recording import RecordingTree
from gitops.sources.sops import creation
from gitops.sources.tree import MemoryTree

SECRET = "kind: Secret\nstringData: {motto: hello}\n"


def plain(files: dict[str, str], *patterns: str) -> list[str]:
    rules = "".join(f"  - path_regex: {pattern}\n" for pattern in patterns)
    tree = MemoryTree({".sops.yaml": f"creation_rules:\n{rules}", **files})
    return [str(found.at) for found in creation.load(tree)[1]]


@pytest.mark.parametrize("path", ["talos/all.sops.yaml", "talos/all.enc.json", "talos/.env.sops"])
def test_a_file_whose_name_says_so_is_meant(path: str) -> None:
    assert plain({path: "a: b\n"}, "talos/.*") == [path]


def test_a_secret_is_meant_at_its_line() -> None:
    assert plain({"apps/all.yaml": f"kind: ConfigMap\n---\n{SECRET}"}, "apps/.*") == [
        "apps/all.yaml:3"
    ]


def test_a_path_that_no_rule_takes_in_is_not() -> None:
    assert plain({"talos/all.sops.yaml": "a: b\n"}, "apps/.*") == []


def test_what_sops_wrote_is_not() -> None:
    text = SECRET + "sops:\n  mac: ENC[AES256_GCM,data:x,type:str]\n"
    assert plain({"apps/a.sops.yaml": text, "apps/b.yaml": text}, "apps/.*") == []


def test_a_secret_of_variables_is_not() -> None:
    text = "kind: Secret\nstringData: {motto: '${MOTTO}'}\n"
    assert plain({"apps/all.yaml": text}, "apps/.*") == []


def test_a_rule_that_cannot_be_read_takes_nothing_in() -> None:
    assert plain({"apps/all.sops.yaml": "a: b\n"}, "'('") == []


@pytest.mark.parametrize(
    ("pattern", "listed"),
    [
        ("^a/.*", ["", "a", "a/c"]),
        ("^a/c/.*", ["", "a", "a/c"]),
        ("^a/c*", ["", "a", "a/c"]),
        ("^a/*b/.*", ["", "a", "a/c", "b"]),
        ("^(a|b)/.*", ["", "a", "a/c", "b"]),
        ("^a/.*|b/.*", ["", "a", "a/c", "b"]),
        ("a/.*", ["", "a", "a/c", "b"]),
    ],
)
def test_only_folders_are_walked_that_a_rule_may_mean(pattern: str, listed: list[str]) -> None:
    files = {
        "a/c/x.txt": "",
        "b/x.txt": "",
        ".sops.yaml": f"creation_rules: [{{path_regex: '{pattern}'}}]",
    }
    tree = RecordingTree(MemoryTree(files))
    creation.load(tree)
    assert [path for path, _ in tree.reads.listings] == listed


@pytest.mark.parametrize(
    "data",
    [
        "stringData: {driver: disk, token: '${TOKEN}'}",
        "stringData: {url: 'https://${DOMAIN}/api', enabled: 'true'}",
        "stringData: {AZURE_CLIENT_ID: 04561461-0f92-42b3-9328-8b0c1bba4641}",
        "data: {on: dHJ1ZQ==, TENANT_ID: MDQ1NjE0NjEtMGY5Mi00MmIzLTkzMjgtOGIwYzFiYmE0NjQx}",
        "stringData: {config: '', workers: '3', period: 12h}",
    ],
)
@pytest.mark.parametrize("path", ["apps/all.yaml", "apps/all.sops.yaml"])
def test_a_secret_that_keeps_nothing_itself_is_not(data: str, path: str) -> None:
    assert plain({path: f"kind: Secret\n{data}\n"}, "apps/.*") == []


@pytest.mark.parametrize(
    "data",
    [
        "stringData: {host: '${HOST}', PASSWORD: hunter2}",
        "stringData: {PASSWORD: 04561461-0f92-42b3-9328-8b0c1bba4641}",
        "data: {pin: MTIzNA==}",
    ],
)
def test_a_secret_that_keeps_something_is_meant(data: str) -> None:
    assert plain({"apps/all.yaml": f"kind: Secret\n{data}\n"}, "apps/.*") == ["apps/all.yaml:1"]


def test_the_rules_of_a_folder_are_not_encrypted_themselves() -> None:
    assert plain({"apps/.sops.yaml": "creation_rules: []\n"}, "apps/.*") == []
