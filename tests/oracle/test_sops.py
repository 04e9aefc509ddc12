"""Our reading of SOPS files against sops itself."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops.sources import sops, yamlio
from gitops.sources.sops import DecryptedFile
from tests.encryption import Person
from tests.oracle import tools

pytestmark = pytest.mark.oracle

PERSON = Person()

SECRET = """\
# head
apiVersion: v1
kind: Secret
metadata:
    name: x # inline
    # above
    labels:
        a: "1"
stringData:
    # inside
    user: admin # encrypted inline
    multi: |
        line one
          line two
    empty: ""
    "yes": "yes"
    # end
"""

MIXED = """\
# first
a: 1
b: [1.5, 1234567.5, 1e+30, 1e-7, 100000.0, 3.0, 0.1]
c: true
d: null
e: [1, two, {three: 3.0}]
f: {}
g: []
h:
  - # in a list
    x: |-
      foo
      bar
  - |
      text

      more
  - - nested
    - 2
  - - a: "l1\\nl2"
      b: x
    - - deep: "p\\nq"
t: 2024-01-01
k_unencrypted: visible
k_literal_unencrypted: |2
    visible
  lines
é: ünï
# foot
---
doc: two # inline
---
last: three
"""

TEXTS = [
    "",
    "# no",
    "a: b",
    "a:b",
    "ends:",
    "- dash",
    "-dash",
    "tab\there",
    "emoji 😀",
    "it's",
    '"q"',
    "~",
    "null",
    "y",
    "Off",
    "1:30",
    "0x1F",
    "1_000",
    "2024-01-01",
    "<<",
    "=",
    ".5",
    "1.",
    "@x",
    "`x",
    "%x",
    "!x",
    "a #b",
    "a# b",
    "---",
    "--- x",
    "...x",
    " lead",
    "trail ",
    "nl\n",
    "\nlead nl",
    "  sp\nnext",
    "two\n\n",
    "\n",
    "a \nb",
    "a\n b \n",
    "back\\slash",
    "bell\a",
    "nbsp\u00a0x",
    "\u0085",
    "[x",
    "x]",
    "{x",
    "x, y",
    "?x",
    "? x",
    ":x",
    "|x",
    "tab\there\nand line",
    "😀\nline",
]

FILES: dict[str, str | bytes] = {
    "secret.yaml": SECRET,
    "mixed.yaml": MIXED,
    "texts.yaml": yamlio.dump({"texts": TEXTS, "map": {f"k{n}": t for n, t in enumerate(TEXTS)}}),
    "values.json": (
        '{"a": 1, "b": [1.5, "x<y>&", null, true, {}], "c": {"d": "multi\\nline", "e": []}, '
        '"f": 1e21, "g": 1e-7, "é": "ünï", "big": 12345678901234567890, "k_unencrypted": 1.0}'
    ),
    "some.env": "# comment\nA=1\nB=two words\nC=a\\nb\nexport D=x\n\nE=\nF=a=b#c\nG_unencrypted=\n",
    "some.ini": (
        '; top\n[one]\n; about a\na = 1\nlong_key=`va;lue`\nb=" lead"\n\n[two]\nx=y # z\nmy key=1\n'
    ),
    "some.txt": "plain text\n",
    "bytes": b"plain \xff text\nwith bytes\0",
}
TYPES = {".yaml": "yaml", ".json": "json", ".env": "dotenv", ".ini": "ini"}


class Sops:
    """sops with our key."""

    def __init__(self, folder: Path) -> None:
        self._program = tools.sops()
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "SOPS_AGE_KEY": PERSON.secret,
        }

    def configure(self, config: dict[str, object]) -> None:
        (self._folder / ".sops.yaml").write_text(yamlio.dump(config))

    def encrypt(self, name: str, content: bytes, *options: str) -> bytes:
        path = self._folder / name
        path.write_bytes(content)
        recipient = ("--age", PERSON.recipient)
        return self._run("encrypt", name, *recipient, *options)

    def decrypt(self, name: str, content: bytes, *options: str) -> bytes:
        path = self._folder / f"encrypted-{name}"
        path.write_bytes(content)
        return self._run("decrypt", path.name, *options)

    def _run(self, verb: str, name: str, *options: str) -> bytes:
        kind = TYPES.get(Path(name).suffix, "binary")
        types = ("--input-type", kind, "--output-type", kind)
        command = [self._program, "--disable-version-check", verb, *types, *options, name]
        done = subprocess.run(
            command, cwd=self._folder, env=self._environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


@pytest.fixture
def program(tmp_path: Path) -> Sops:
    return Sops(tmp_path)


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def ours(name: str, content: bytes) -> bytes:
    outcome = sops.decrypt_file(content, sops.format_of(name), PERSON.keyring)
    assert isinstance(outcome, DecryptedFile), outcome
    return outcome.content


@pytest.mark.parametrize("name", FILES)
def test_files_are_decrypted_byte_for_byte(program: Sops, name: str) -> None:
    encrypted = program.encrypt(name, as_bytes(FILES[name]))
    assert ours(name, encrypted) == program.decrypt(name, encrypted)


@pytest.mark.parametrize(
    "options",
    [
        ("--encrypted-regex", "^(data|stringData)$"),
        ("--unencrypted-regex", "^(kind|apiVersion|metadata)$"),
        ("--encrypted-suffix", "Data"),
        ("--unencrypted-suffix", "a"),
    ],
)
@pytest.mark.parametrize("name", ["secret.yaml", "mixed.yaml"])
def test_files_with_a_rule_are_decrypted_byte_for_byte(
    program: Sops, name: str, options: Sequence[str]
) -> None:
    encrypted = program.encrypt(name, as_bytes(FILES[name]), *options)
    assert ours(name, encrypted) == program.decrypt(name, encrypted)
    bodies = [document.value for document in yamlio.parse(encrypted, name)[0]]
    assert sops.mac_matches(bodies, PERSON.keyring) is True


@pytest.mark.parametrize("name", ["secret.yaml", "mixed.yaml", "texts.yaml"])
@pytest.mark.parametrize("indent", [2, 3, 8])
def test_a_file_comes_out_indented_as_sops_does_without_settings(
    program: Sops, name: str, indent: int
) -> None:
    rule = {"age": PERSON.recipient, "mac_only_encrypted": True}
    program.configure({"stores": {"yaml": {"indent": indent}}, "creation_rules": [rule]})
    encrypted = program.encrypt(name, as_bytes(FILES[name]))
    program.configure({})
    assert ours(name, encrypted) == program.decrypt(name, encrypted)
    bodies = [document.value for document in yamlio.parse(encrypted, name)[0]]
    assert sops.mac_matches(bodies, PERSON.keyring) is True


KEYS = st.text("abc xyz#:-'", min_size=1, max_size=6)
LEAVES = (
    st.sampled_from(TEXTS)
    | st.text("ab \n\t:#-'\"|é😀", max_size=8)
    | st.integers(-(10**12), 10**12)
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=12,
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(TREES)
def test_any_yaml_is_decrypted_byte_for_byte(program: Sops, tree: dict[str, object]) -> None:
    encrypted = program.encrypt("tree.yaml", yamlio.dump(tree).encode())
    assert ours("tree.yaml", encrypted) == program.decrypt("tree.yaml", encrypted)
