"""Whole files, as kustomize-controller decrypts them before building: those that generators and
patches name (decryptKustomizationSources, sopsDecryptFile), and values of Secrets that hold one."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gitops.errors import EscapingPath
from gitops.sources import tree as trees
from gitops.sources import yamlio
from gitops.sources.age import Keyring
from gitops.sources.sops import cipher, flat, gojson, yamltext
from gitops.sources.sops.flat import Comment
from gitops.sources.sops.formats import Format, format_of
from gitops.sources.sops.metadata import KEY
from gitops.sources.sops.objects import Leaf, Opened, open_block, rebuild, stand_in_for
from gitops.sources.sops.outcome import Damaged, DecryptedFile, NoKey, Pointer, damaged


class _Parsed(msgspec.Struct, frozen=True):
    """What a file holds, as far as its format tells it."""

    form: Format
    text: str
    block: object
    bodies: tuple[Mapping[str, Any], ...] = ()


def files_of(kustomization: Mapping[str, Any], folder: str) -> dict[str, Format]:
    """The files that Flux decrypts where they lie before it builds a kustomization, by their path.

    These are the `files` and `envs` of secretGenerator, and the paths of patches. The format of a
    file in `files` is told by the key that it gets in the Secret.
    """
    found: dict[str, Format] = {}
    for generator in _mappings(kustomization.get("secretGenerator")):
        for entry in _texts(generator.get("files")):
            key, equals, path = entry.partition("=")
            _enter(found, folder, path if equals else key, format_of(key))
        for path in _texts(generator.get("envs")):
            form = format_of(path)
            _enter(found, folder, path, Format.DOTENV if form is Format.BINARY else form)
    for patch in _mappings(kustomization.get("patches")):
        for path in _texts([patch.get("path")]):
            _enter(found, folder, path, format_of(path))
    return found


def decrypt_file(
    content: bytes, form: Format, keyring: Keyring, into: Format | None = None
) -> DecryptedFile | NoKey | Damaged:
    """A file as Flux writes it back before kustomize reads it, in the same format or another."""
    parsed = _parse(content, form)
    if isinstance(parsed, Damaged):
        return parsed
    opened = open_block(parsed.block, keyring)
    if not isinstance(opened, Opened):
        return opened
    written = _write(parsed, into or form, opened.value, opened.comment)
    if opened.damages:
        return Damaged(tuple(sorted(opened.damages)))
    return written if isinstance(written, Damaged) else DecryptedFile(written)


def stand_in_file(content: bytes, form: Format, path: str, into: Format | None = None) -> bytes:
    """The file with a stand-in for every encrypted value, named after the file."""

    def leaf(value: Any, _: tuple[str, ...], pointer: Pointer) -> Any:
        encrypted = cipher.parse(value) if isinstance(value, str) else None
        return stand_in_for(encrypted.kind, path, *map(str, pointer)) if encrypted else value

    parsed = _parse(content, form)
    if isinstance(parsed, Damaged):
        return b""
    written = _write(parsed, into or form, leaf, lambda *_: None)
    return b"" if isinstance(written, Damaged) else written


def _parse(content: bytes, form: Format) -> _Parsed | Damaged:
    text = content.decode(errors="surrogateescape")
    match form:
        case Format.YAML:
            documents, findings = yamlio.parse(content, "")
            bodies = tuple(document.value for document in documents)
            if findings or not bodies or not all(isinstance(body, Mapping) for body in bodies):
                return damaged((), "is no YAML that sops could have written")
            return _Parsed(form, text, bodies[0].get(KEY), bodies)
        case Format.DOTENV:
            block = flat.dotenv_block(text)
            return block if isinstance(block, Damaged) else _Parsed(form, text, block)
        case Format.INI:
            return _Parsed(form, text, flat.ini_block(text))
        case _:
            try:
                body = msgspec.json.decode(content, type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return damaged((), "is no JSON object")
            return _Parsed(form, text, body.get(KEY), (body,))


def _write(parsed: _Parsed, form: Format, leaf: Leaf, comment: Comment) -> bytes | Damaged:
    match form:
        case Format.YAML if parsed.form is form:
            plain = yamltext.write(parsed.text, parsed.bodies, leaf, comment)
        case Format.DOTENV if parsed.form is form:
            plain = flat.dotenv(parsed.text, leaf, comment)
        case Format.INI if parsed.form is form:
            plain = flat.ini(parsed.text, leaf, comment)
        case _ if not parsed.bodies:
            return damaged((), f"is {parsed.form}, which sops does not turn into {form}")
        case Format.YAML:
            plain = yamlio.dump_all(rebuild(body, leaf) for body in parsed.bodies)
        case Format.JSON:
            plain = gojson.encode(rebuild(parsed.bodies[0], leaf))
        case _:
            data = rebuild(parsed.bodies[0], leaf).get("data")
            if not isinstance(data, str):
                return damaged(("data",), "is not the text of a file")
            plain = data
    return plain.encode(errors="surrogateescape")


def _enter(found: dict[str, Format], folder: str, path: str, form: Format) -> None:
    """The first mention of a file decides; one outside of the tree is the builder's to refuse."""
    if "://" in path:
        return
    try:
        found.setdefault(trees.resolve(folder, path), form)
    except EscapingPath:
        return


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
