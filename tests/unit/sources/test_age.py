"""Where age keys are looked for."""

import sys
from pathlib import Path

import pyrage
import pytest

from gitops.model.finding import Severity
from gitops.sources.age import Keyring
from tests.encryption import Person

LINUX = pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps settings elsewhere")


@pytest.fixture(scope="module")
def people() -> tuple[Person, Person, Person]:
    return Person(), Person(), Person()


def sealed(person: Person, content: bytes) -> str:
    recipient = pyrage.x25519.Recipient.from_str(person.recipient)
    armored: bytes = pyrage.encrypt(content, [recipient], armored=True)
    return armored.decode()


@LINUX
def test_keys_come_from_the_variable_the_named_file_and_the_users_file(
    people: tuple[Person, Person, Person], tmp_path: Path
) -> None:
    one, two, three = people
    named = tmp_path / "named"
    named.write_text(f"# created: today\n# public key: {two.recipient}\n{two.secret}\n")
    default = tmp_path / ".config" / "sops" / "age" / "keys.txt"
    default.parent.mkdir(parents=True)
    default.write_text(three.secret)
    keyring = Keyring.from_environment(
        {"SOPS_AGE_KEY": one.secret, "SOPS_AGE_KEY_FILE": str(named), "HOME": str(tmp_path)}
    )
    assert keyring.recipients == tuple(sorted(person.recipient for person in people))
    assert keyring.notes() == ()
    assert [keyring.open(sealed(person, b"key")) for person in people] == [b"key"] * 3


def test_one_line_of_the_variable_may_hold_several_keys(
    people: tuple[Person, Person, Person],
) -> None:
    one, two, _ = people
    keyring = Keyring.from_environment({"SOPS_AGE_KEY": f"{one.secret} {two.secret}\n\n"})
    assert keyring.recipients == tuple(sorted((one.recipient, two.recipient)))


def test_the_users_settings_may_lie_elsewhere(
    people: tuple[Person, Person, Person], tmp_path: Path
) -> None:
    place = tmp_path / "sops" / "age" / "keys.txt"
    place.parent.mkdir(parents=True)
    place.write_text(people[0].secret)
    assert Keyring.from_environment({"XDG_CONFIG_HOME": str(tmp_path)})


def test_no_keys_open_nothing(people: tuple[Person, Person, Person]) -> None:
    keyring = Keyring.from_environment({})
    assert not keyring
    assert keyring.recipients == ()
    assert keyring.open(sealed(people[0], b"key")) is None


def test_a_file_that_is_not_there_and_keys_that_do_not_fit_are_told(
    people: tuple[Person, Person, Person], tmp_path: Path
) -> None:
    environment = {
        "SOPS_AGE_KEY": f"AGE-SECRET-KEY-PQ-1ABC {people[0].secret}",
        "SOPS_AGE_KEY_FILE": str(tmp_path / "none"),
    }
    notes = Keyring.from_environment(environment).notes()
    assert [note.message for note in notes] == [
        f"the key file {tmp_path}/none cannot be read: No such file or directory",
        "SOPS_AGE_KEY holds 1 keys that cannot be used here",
    ]
    assert {(note.rule, note.severity) for note in notes} == {("sops/keyring", Severity.NOTE)}


def test_keys_never_show(people: tuple[Person, Person, Person]) -> None:
    keyring = people[0].keyring
    assert repr(keyring) == "Keyring(1 keys)"
    assert str(keyring) == "Keyring(1 keys)"
    assert people[0].secret not in keyring.fingerprint


def test_the_fingerprint_depends_on_the_keys_alone(people: tuple[Person, Person, Person]) -> None:
    one, two, _ = people
    both = Keyring([one.secret, two.secret]).fingerprint
    assert both == Keyring([two.secret, one.secret, one.secret], ["trouble"]).fingerprint
    assert len({both, one.keyring.fingerprint, Keyring().fingerprint}) == 3


@pytest.mark.parametrize("text", ["", "junk", "\ud800", "-----BEGIN AGE ENCRYPTED FILE-----\n"])
def test_junk_is_not_opened(people: tuple[Person, Person, Person], text: str) -> None:
    assert people[0].keyring.open(text) is None


def test_a_key_whose_check_characters_are_wrong_is_no_key(
    people: tuple[Person, Person, Person],
) -> None:
    secret = people[0].secret
    wrong = secret[:-1] + ("Q" if secret[-1] != "Q" else "P")
    keyring = Keyring([wrong])
    assert keyring.recipients == ()
    assert keyring.open(sealed(people[0], b"key")) is None
