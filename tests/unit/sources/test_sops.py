"""SOPS without sops: what is read, what stands in, what is said."""

import base64
from typing import Any

import msgspec
import pytest

from gitops.model.finding import Severity
from gitops.model.origin import Location
from gitops.model.secret import holds_placeholder
from gitops.sources import sops
from gitops.sources.age import Keyring
from gitops.sources.sops import Damage, Damaged, Decrypted, DecryptedFile, Format, NoKey
from gitops.sources.tree import MemoryTree
from tests.encryption import MODIFIED, Encryption, Person

RULE = {"encrypted_regex": "^(data|stringData)$"}
PLAIN: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "credentials", "namespace": "apps"},
    "stringData": {
        "user": "admin",
        "empty": "",
        "none": None,
        "port": 8080,
        "ratio": 1.5,
        "whole": 2.0,
        "on": True,
        "off": False,
        "list": ["a", {"b": "c"}],
    },
}
DECRYPTED = {**PLAIN, "stringData": {**PLAIN["stringData"], "whole": 2}}


@pytest.fixture(scope="module")
def person() -> Person:
    return Person()


@pytest.fixture(scope="module")
def encrypted(person: Person) -> dict[str, Any]:
    return Encryption(person, **RULE).encrypt(PLAIN, "stringData")


def test_an_object_is_decrypted_with_its_types(person: Person, encrypted: dict[str, Any]) -> None:
    assert sops.is_encrypted(encrypted)
    assert sops.decrypt_object(encrypted, person.keyring) == Decrypted(DECRYPTED)


def test_what_is_secret_does_not_show_in_a_log(person: Person, encrypted: dict[str, Any]) -> None:
    shown = repr(sops.decrypt_object(encrypted, person.keyring)) + repr(DecryptedFile(b"admin"))
    assert "admin" not in shown


def test_the_encrypted_object_is_left_as_it_is(person: Person, encrypted: dict[str, Any]) -> None:
    before = msgspec.json.encode(encrypted)
    sops.decrypt_object(encrypted, person.keyring)
    sops.placeholders(encrypted)
    assert msgspec.json.encode(encrypted) == before


def test_an_object_without_a_mac_is_not_decrypted_by_flux(encrypted: dict[str, Any]) -> None:
    blocks: list[object] = [None, {}, [], "text", {"mac": ""}]
    for block in blocks:
        assert not sops.is_encrypted({**encrypted, "sops": block})


def test_without_a_key_the_recipients_are_told(person: Person, encrypted: dict[str, Any]) -> None:
    for keyring in (Keyring(), Person().keyring):
        assert sops.decrypt_object(encrypted, keyring) == NoKey((person.recipient,))


def test_other_kinds_of_keys_are_told_by_their_kind(encrypted: dict[str, Any]) -> None:
    block = {**encrypted["sops"], "pgp": [{"fp": "ABC", "enc": "…"}], "age": []}
    assert sops.decrypt_object({**encrypted, "sops": block}, Keyring()) == NoKey(("pgp",))


def test_a_key_split_among_groups_is_not_opened(person: Person, encrypted: dict[str, Any]) -> None:
    block = dict(encrypted["sops"])
    groups = [{"age": block.pop("age")}, {"pgp": [{"fp": "ABC"}]}]
    outcome = sops.decrypt_object(
        {**encrypted, "sops": {**block, "key_groups": groups}}, person.keyring
    )
    assert outcome == NoKey((person.recipient, "pgp"), "its data key is split among groups of keys")


@pytest.mark.parametrize(
    ("rule", "covered"),
    [
        ({}, {"a", "b_secret", "data", "password"}),
        ({"unencrypted_suffix": "_secret"}, {"a", "a_unencrypted", "data", "password"}),
        ({"encrypted_suffix": "_secret"}, {"b_secret"}),
        ({"encrypted_regex": "^(data|pass.*)$"}, {"data", "password"}),
        ({"encrypted_regex": "(?i)PASSWORD"}, {"password"}),
        ({"unencrypted_regex": "^(a.*|data)$"}, {"b_secret", "password"}),
        (
            {"unencrypted_comment_regex": "sops:plain"},
            {"a", "b_secret", "a_unencrypted", "data", "password"},
        ),
        ({"encrypted_comment_regex": "sops:enc"}, set()),
    ],
)
def test_the_rule_says_which_values_are_encrypted(
    person: Person, rule: dict[str, str], covered: set[str]
) -> None:
    plain = {key: {"x": "1"} for key in ("a", "b_secret", "a_unencrypted", "data", "password")}
    encryption = Encryption(person, **rule)
    body = encryption.encrypt(plain, *(covered or {"none"}))
    assert sops.decrypt_object(body, person.keyring) == Decrypted(plain)
    assert sops.mac_matches([body], person.keyring) is True


def test_two_rules_at_once_are_damage(person: Person) -> None:
    body = Encryption(person, **RULE, encrypted_suffix="_x").encrypt(PLAIN, "stringData")
    assert sops.decrypt_object(body, person.keyring) == Damaged(
        (Damage(("sops",), "says in several ways which values are encrypted"),)
    )


@pytest.mark.parametrize(
    "regex",
    [
        "(a+)+$",
        ".*.*.*x",
        r"(a)\1",
        "(?=a)",
        "(?P<x>a)(?P=x)",
        "[[:alpha:]]",
        "(",
        "a{1,9999999999}",
        r"\pL",
    ],
)
def test_a_rule_that_could_search_for_ever_or_differ_from_go_is_not_tried(
    person: Person, regex: str
) -> None:
    body = Encryption(person, encrypted_regex=regex).encrypt({"a" * 60: "x"})
    outcome = sops.decrypt_object(body, person.keyring)
    assert outcome == NoKey(
        (person.recipient,), f"the regular expression {regex!r} is not read here"
    )


def test_a_plain_value_that_should_be_encrypted_is_damage(
    person: Person, encrypted: dict[str, Any]
) -> None:
    values = {**encrypted["stringData"], "user": "admin", "port": 8080}
    outcome = sops.decrypt_object({**encrypted, "stringData": values}, person.keyring)
    reason = "should be encrypted and is not"
    assert outcome == Damaged(
        (Damage(("stringData", "port"), reason), Damage(("stringData", "user"), reason))
    )


def test_a_moved_or_changed_value_is_damage(person: Person, encrypted: dict[str, Any]) -> None:
    values = encrypted["stringData"]
    moved = {**encrypted, "stringData": {**values, "other": values["user"]}}
    outcome = sops.decrypt_object(moved, person.keyring)
    damage = Damage(("stringData", "other"), "was changed or moved after it was encrypted")
    assert outcome == Damaged((damage,))
    assert str(damage) == "stringData.other was changed or moved after it was encrypted"


@pytest.mark.parametrize(
    ("plain", "kind"),
    [
        ("x", "int"),
        ("9" * 400, "int"),
        ("nan", "float"),
        ("maybe", "bool"),
        ("x", "time"),
        ("x", "comment"),
        ("x", "new"),
    ],
)
def test_a_value_that_is_not_of_its_type_is_damage(person: Person, plain: str, kind: str) -> None:
    encryption = Encryption(person)
    body = {"list": [encryption.value(plain, ("list",), kind)], "sops": encryption.block()}
    assert sops.decrypt_object(body, person.keyring) == Damaged(
        (Damage(("list", 0), f"does not hold the {kind} that it says"),)
    )


def test_bytes_and_odd_text_come_out_as_gos_json_has_them(person: Person) -> None:
    encryption = Encryption(person)
    body = {
        "bytes": encryption.value(b"\xff\0", ("bytes",), "bytes"),
        "text": encryption.value(b"a\xff\xfeb", ("text",), "str"),
        "time": encryption.value("2024-01-01T00:00:00Z", ("time",), "time"),
        "sops": encryption.block(),
    }
    assert sops.decrypt_object(body, person.keyring) == Decrypted(
        {"bytes": "/wA=", "text": "a\ufffd\ufffdb", "time": "2024-01-01T00:00:00Z"}
    )


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ({"mac": "ENC[]", "age": [], "lastmodified": MODIFIED}, "names nobody who could decrypt"),
        (
            {"mac": "ENC[]", "age": "text"},
            "cannot be understood: Expected `array | null`, got `str` - at `$.age`",
        ),
        ({"mac": ["x"]}, "cannot be understood: Expected `str`, got `array` - at `$.mac`"),
    ],
)
def test_a_block_that_makes_no_sense_is_damage(block: dict[str, Any], reason: str) -> None:
    assert sops.decrypt_object({"a": "b", "sops": block}, Person().keyring) == Damaged(
        (Damage(("sops",), reason),)
    )


def test_a_block_without_a_time_is_damage(person: Person, encrypted: dict[str, Any]) -> None:
    for time in ("", "yesterday", "2026-01-02"):
        body = {**encrypted, "sops": {**encrypted["sops"], "lastmodified": time}}
        outcome = sops.decrypt_object(body, person.keyring)
        assert outcome == Damaged((Damage(("sops", "lastmodified"), "is no time"),))


def test_our_key_is_found_among_thousands(person: Person, encrypted: dict[str, Any]) -> None:
    others = [{"recipient": f"age1other{number}", "enc": "junk"} for number in range(5000)]
    keys = [*others, *encrypted["sops"]["age"], *others]
    body = {**encrypted, "sops": {**encrypted["sops"], "age": keys}}
    assert sops.decrypt_object(body, person.keyring) == Decrypted(DECRYPTED)


def test_a_data_key_that_its_own_recipient_cannot_open_is_damage(
    person: Person, encrypted: dict[str, Any]
) -> None:
    keys = [{"recipient": person.recipient, "enc": "junk"}]
    body = {**encrypted, "sops": {**encrypted["sops"], "age": keys}}
    reason = f"is not opened by the key of {person.recipient}"
    assert sops.decrypt_object(body, person.keyring) == Damaged((Damage(("sops", "age"), reason),))


def test_placeholders_keep_types_and_tell_only_where_they_stand(encrypted: dict[str, Any]) -> None:
    body = sops.placeholders(encrypted)
    assert body == {
        **PLAIN,
        "stringData": {
            **PLAIN["stringData"],
            "user": "secretplaceholder-apps-credentials-stringdata-user-f499231a",
            "port": 0,
            "ratio": 0.5,
            "whole": 0.5,
            "on": False,
            "list": [
                "secretplaceholder-apps-credentials-stringdata-list-0-b7ed611e",
                {"b": "secretplaceholder-credentials-stringdata-list-1-b-9efaa09d"},
            ],
        },
    }
    assert holds_placeholder(f"https://{body['stringData']['user']}.example.com")


def test_placeholders_do_not_change_when_the_secret_does(person: Person) -> None:
    one, two = (
        Encryption(person, **RULE).encrypt({**PLAIN, "stringData": {"user": user}}, "stringData")
        for user in ("short", "very much longer than the other")
    )
    assert sops.placeholders(one) == sops.placeholders(two)


def test_placeholders_in_data_are_base64(person: Person) -> None:
    body = {"kind": "Secret", "metadata": {"name": "x"}, "data": {"key": "c2VjcmV0"}}
    encrypted = Encryption(person, **RULE).encrypt(body, "data")
    value = sops.placeholders(encrypted)["data"]["key"]
    assert base64.b64decode(value) == b"secretplaceholder-secret-x-data-key-dabbe040"


def test_placeholders_are_found_wherever_they_went(encrypted: dict[str, Any]) -> None:
    stand_in = sops.placeholders(encrypted)["stringData"]["user"]
    assert sops.holds_placeholder({"kind": "X", "spec": [{"host": f"app.{stand_in}.example"}]})
    assert sops.holds_placeholder({"kind": "Secret", "data": {"a": _base64(stand_in.encode())}})
    assert not sops.holds_placeholder({"kind": "Secret", "data": {"a": "b", "c": 1}})
    assert not sops.holds_placeholder(PLAIN)


def test_placeholders_of_encrypted_names_do_not_depend_on_the_ciphertext(person: Person) -> None:
    body = {"kind": "Secret", "metadata": {"name": "x"}, "data": {"a": "b"}}
    one, two = (Encryption(person).encrypt(body) for _ in range(2))
    assert sops.placeholders(one) == sops.placeholders(two)


def test_the_mac_tells_a_change_of_what_is_not_encrypted(
    person: Person, encrypted: dict[str, Any]
) -> None:
    changed = {**encrypted, "kind": "ConfigMap"}
    assert sops.mac_matches([encrypted], person.keyring) is True
    assert sops.mac_matches([changed], person.keyring) is False
    assert sops.mac_matches([encrypted], Keyring()) is None
    assert sops.mac_matches([], person.keyring) is None


def test_the_mac_may_leave_out_what_is_not_encrypted(person: Person) -> None:
    encryption = Encryption(person, **RULE, mac_only_encrypted=True)
    body = encryption.encrypt(PLAIN, "stringData")
    assert sops.mac_matches([{**body, "kind": "ConfigMap"}], person.keyring) is True


def test_the_mac_is_tied_to_the_time_of_the_last_change(
    person: Person, encrypted: dict[str, Any]
) -> None:
    block = {**encrypted["sops"], "lastmodified": "2020-01-01T00:00:00Z"}
    assert sops.mac_matches([{**encrypted, "sops": block}], person.keyring) is False


def test_an_encrypted_file_inside_a_secret_is_decrypted(person: Person) -> None:
    encryption = Encryption(person)
    inner = msgspec.json.format(msgspec.json.encode(encryption.encrypt({"data": "text"})))
    body = {"kind": "Secret", "metadata": {"name": "x"}, "data": {"file": _base64(inner), "b": "%"}}
    assert sops.is_encrypted(body)
    assert sops.decrypt_object(body, person.keyring) == Decrypted(
        {**body, "data": {"file": _base64(b"text"), "b": "%"}}
    )
    assert sops.decrypt_object(body, Keyring()) == NoKey((person.recipient,))
    stand_in = base64.b64decode(sops.placeholders(body)["data"]["file"])
    assert stand_in == b"secretplaceholder-secret-x-file-data-8c2cd629"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_the_format_of_a_file_is_told_by_its_name() -> None:
    names = ("a.yaml", "a.yml", "a.json", ".dockerconfigjson", "a.env", "a.ini", "a.txt", "env")
    assert [sops.format_of(name).value for name in names] == [
        "yaml",
        "yaml",
        "json",
        "json",
        "dotenv",
        "ini",
        "binary",
        "binary",
    ]


def test_flux_decrypts_the_files_of_secret_generators_and_patches() -> None:
    kustomization = {
        "secretGenerator": [
            {"files": ["a.yaml", "key.json=b.txt", "token=c.yaml"], "envs": ["d.env", "e.txt"]},
            {"files": ["../a.yaml", "../../../out", 3], "envs": None},
            "junk",
        ],
        "configMapGenerator": [{"files": ["not.yaml"]}],
        "patches": [{"path": "patch.yaml"}, {"patch": "inline"}, {"path": "https://x/y.yaml"}],
    }
    assert sops.files_of(kustomization, "apps/one") == {
        "apps/a.yaml": Format.YAML,
        "apps/one/a.yaml": Format.YAML,
        "apps/one/b.txt": Format.JSON,
        "apps/one/c.yaml": Format.BINARY,
        "apps/one/d.env": Format.DOTENV,
        "apps/one/e.txt": Format.DOTENV,
        "apps/one/patch.yaml": Format.YAML,
    }


def dotenv(person: Person) -> bytes:
    encryption = Encryption(person)
    user = encryption.value("admin\nsecond", ("USER",))
    remark = encryption.value("a remark", (), "comment")
    block = encryption.block()
    enc = block["age"][0]["enc"].replace("\n", "\\n")
    return (
        f"#{remark}\nUSER={user}\nEMPTY=\nHOST_unencrypted=here\n#plain\n"
        f"sops_age__list_0__map_enc={enc}\nsops_age__list_0__map_recipient={person.recipient}\n"
        f"sops_lastmodified={block['lastmodified']}\nsops_mac={block['mac']}\nsops_version=3.13.2\n"
    ).encode()


def test_a_tree_shows_named_files_decrypted(person: Person) -> None:
    tree = MemoryTree({"a.env": dotenv(person), "b.env": dotenv(person), "c.env": "X=y\n"})
    plain = sops.DecryptingTree(
        tree, person.keyring, {"a.env": Format.DOTENV, "c.env": Format.DOTENV}
    )
    assert plain.read("c.env") == b"X=y\n"
    assert (plain.findings, plain.revealed) == ((), False)
    assert plain.read("a.env") == (
        b"#a remark\nUSER=admin\\nsecond\nEMPTY=\nHOST_unencrypted=here\n#plain\n"
    )
    assert plain.read("b.env") == tree.read("b.env")
    assert (plain.findings, plain.revealed, plain.stood_in) == ((), True, frozenset())
    assert (plain.kind("a.env"), plain.names("")) == (tree.kind("a.env"), tree.names(""))


def test_a_tree_shows_stand_ins_without_a_key(person: Person) -> None:
    tree = MemoryTree({"a.env": dotenv(person)})
    plain = sops.DecryptingTree(tree, Keyring(), {"a.env": Format.DOTENV})
    lines = plain.read("a.env").decode().splitlines()
    assert lines[1:] == [
        "USER=secretplaceholder-a-env-user-5e575a76",
        "EMPTY=",
        "HOST_unencrypted=here",
        "#plain",
    ]
    assert not plain.revealed
    assert plain.stood_in == {"a.env"}
    (note,) = plain.findings
    assert (note.rule, note.severity, note.at) == ("sops/no-key", Severity.NOTE, Location("a.env"))
    assert note.message == (
        f"secret values are placeholders here: they are encrypted for {person.recipient}"
    )


def test_a_damaged_file_is_told_and_empty(person: Person) -> None:
    tree = MemoryTree({"a.yaml": "mac: ENC[\n- x: {"})
    plain = sops.DecryptingTree(tree, person.keyring, {"a.yaml": Format.YAML})
    assert plain.read("a.yaml") == b""
    assert [(found.rule, found.message) for found in plain.findings] == [
        ("sops/damaged", "the file is no YAML that sops could have written")
    ]


def test_a_file_that_flux_finds_too_large_is_told(person: Person) -> None:
    tree = MemoryTree({"a.txt": b"x" * (5 * 1024 * 1024 + 1)})
    plain = sops.DecryptingTree(tree, person.keyring, {"a.txt": Format.BINARY})
    assert [plain.read("a.txt") == tree.read("a.txt") for _ in range(2)] == [True, True]
    assert [found.message for found in plain.findings] == [
        "the file is larger than 5 MiB, which Flux refuses where it decrypts"
    ]


def found(body: dict[str, Any]) -> list[tuple[str, str, str]]:
    def locate(pointer: tuple[str | int, ...]) -> Location:
        return Location(".".join(map(str, pointer)))

    return [(one.rule, one.severity.value, one.at.path) for one in sops.examine(body, locate)]


def test_examining_finds_nothing_in_a_sound_object(encrypted: dict[str, Any]) -> None:
    assert found(encrypted) == []
    assert found(PLAIN) == []


def test_examining_finds_what_is_plain_and_should_not_be(encrypted: dict[str, Any]) -> None:
    body = {**encrypted, "data": {"list": ["open"], "empty": "", "none": None}}
    assert found(body) == [("sops/plaintext-leaf", "error", "data.list.0")]


def test_examining_finds_values_that_flux_leaves_encrypted(encrypted: dict[str, Any]) -> None:
    value = encrypted["stringData"]["user"]
    assert found({**encrypted, "other": value}) == [("sops/not-covered", "warning", "other")]
    assert found({"kind": "Secret", "data": {"x": value}}) == [
        ("sops/not-covered", "warning", "data.x")
    ]


def test_examining_finds_a_block_without_recipients(encrypted: dict[str, Any]) -> None:
    body = {**encrypted, "sops": {**encrypted["sops"], "age": []}}
    assert found(body) == [("sops/no-recipient", "error", "sops")]


def test_examining_finds_a_damaged_block(encrypted: dict[str, Any]) -> None:
    body = {**encrypted, "sops": {**encrypted["sops"], "age": 1}}
    assert found(body) == [("sops/damaged", "error", "sops")]
