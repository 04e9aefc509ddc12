"""Whatever an encrypted file holds: an outcome, soon, and never a secret where none belongs."""

import time
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops.model.origin import Location
from gitops.sources import sops
from gitops.sources.age import Keyring
from gitops.sources.sops import Damaged, Decrypted, DecryptedFile, Format, NoKey
from gitops.sources.sops.files import stand_in_file
from tests.encryption import Encryption, Person

PERSON = Person()
SECRET = "correct-horse-battery"
KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8).filter(
    lambda key: key != "sops" and not key.endswith("_unencrypted")
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: value % 1 != 0)
    | st.text(st.characters(codec="utf-8"), max_size=20)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(BODIES)
def test_what_was_encrypted_is_decrypted(body: dict[str, Any]) -> None:
    encrypted = Encryption(PERSON).encrypt(body)
    assert sops.decrypt_object(encrypted, PERSON.keyring) == Decrypted(body)
    assert sops.mac_matches([encrypted], PERSON.keyring) is True
    assert sops.examine(encrypted, lambda _: Location("x")) == ()


def template(form: Format) -> bytes:
    """A sound file of a format, which holds the secret."""
    encryption = Encryption(PERSON)
    secret = encryption.value(SECRET, ("data",))
    block = encryption.block()
    enc = block["age"][0]["enc"].replace("\n", "\\n")
    flat = [f"age__list_0__map_enc={enc}", f"lastmodified={block['lastmodified']}"]
    flat.append(f"mac={block['mac']}")
    match form:
        case Format.DOTENV:
            return "\n".join([f"data={secret}", *(f"sops_{line}" for line in flat)]).encode()
        case Format.INI:
            text = encryption.value(SECRET, ("one", "data"))
            return "\n".join(["[one]", f"data = {text}", "", "[sops]", *flat]).encode()
        case Format.YAML:
            literal = block["age"][0]["enc"].replace("\n", "\n            ").rstrip()
            return (
                f"data: {secret}\nsops:\n    age:\n        - enc: |\n            {literal}\n"
                f'    lastmodified: "{block["lastmodified"]}"\n    mac: {block["mac"]}\n'
            ).encode()
        case _:
            return msgspec.json.encode({"data": secret, "sops": block})


TEMPLATES = {form: template(form) for form in Format}


def test_the_templates_are_sound() -> None:
    for form, content in TEMPLATES.items():
        match sops.decrypt_file(content, form, PERSON.keyring):
            case DecryptedFile(plain):
                assert SECRET.encode() in plain, form
            case outcome:
                raise AssertionError(f"{form}: {outcome}")


TOKENS = (
    '@\n@sops@sops:@[sops]@: @- @#@|@ENC[@]@data:@\0@    @{@}@"@=@__list_@__map_@9999@---\n@&a@*a@'
    "<<: @encrypted_regex: (a+)+$\n@type:int]@type:comment]@null@[]"
)
PIECES = st.sampled_from([b"\xff", *TOKENS.encode().split(b"@")])
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES | st.binary(max_size=6)), max_size=5
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(Format)), CHANGES)
def test_a_changed_file_has_an_outcome_that_tells_no_secret(
    form: Format, changes: list[tuple[float, int, bytes]]
) -> None:
    content = TEMPLATES[form]
    for place, length, piece in changes:
        start = int(place * len(content))
        content = content[:start] + piece + content[start + length :]
    start_time = time.monotonic()
    outcome = sops.decrypt_file(content, form, PERSON.keyring)
    assert isinstance(outcome, DecryptedFile | NoKey | Damaged)
    assert SECRET not in repr(outcome)
    if isinstance(outcome, NoKey | Damaged):
        assert SECRET not in str(sops.report(outcome, Location("x")))
    assert not isinstance(sops.decrypt_file(content, form, Keyring()), DecryptedFile)
    assert SECRET.encode() not in stand_in_file(content, form, "x")
    assert time.monotonic() - start_time < 5


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(Format)))
def test_any_bytes_have_an_outcome(content: bytes, form: Format) -> None:
    assert isinstance(sops.decrypt_file(content, form, PERSON.keyring), NoKey | Damaged)
    assert isinstance(stand_in_file(content, form, "x"), bytes)


@settings(max_examples=200, deadline=None)
@given(BODIES, VALUES)
def test_any_block_has_an_outcome(body: dict[str, Any], block: Any) -> None:
    blocks = [block, {"mac": "x", "age": block}, {"mac": "x", "age": [{"enc": str(block)}]}]
    for junk in blocks:
        encrypted = {**body, "sops": junk}
        outcome = sops.decrypt_object(encrypted, PERSON.keyring)
        assert isinstance(outcome, NoKey | Damaged | Decrypted)
        sops.examine(encrypted, lambda _: Location("x"))
        sops.placeholders(encrypted)
        sops.mac_matches([encrypted], PERSON.keyring)


LONG = [
    b"ENC[AES256_GCM,data:" + b",iv:" * 100_000,
    b": " * 200_000,
    b"- " * 100_000,
    b"a__map_" * 100_000 + b"=x",
    b"[" * 100_000,
    b" " * 500_000 + b"x",
    b"#" * 500_000,
    b"k: x" + b" " * 500_000 + b"y",
    b"k: '" + b" #" * 200_000 + b"'",
    b"k: '" + b": " * 200_000 + b"'",
    b"- " * 100 + b"x",
]


def test_long_lines_and_deep_nesting_end_soon() -> None:
    start = time.monotonic()
    for form, sound in TEMPLATES.items():
        for piece in LONG:
            for content in (sound + piece, piece + b"\n" + sound):
                sops.decrypt_file(content, form, PERSON.keyring)
                stand_in_file(content, form, "x")
    assert time.monotonic() - start < 30
