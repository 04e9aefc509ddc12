"""In which formats files are encrypted, and how each of them shows it."""

import re
from enum import StrEnum


class Format(StrEnum):
    """How a file says what is encrypted. BINARY is JSON around the text of any file."""

    YAML = "yaml"
    JSON = "json"
    DOTENV = "dotenv"
    INI = "ini"
    BINARY = "binary"


_ENDINGS = {
    ".dockerconfigjson": Format.JSON,
    ".yaml": Format.YAML,
    ".yml": Format.YAML,
    ".json": Format.JSON,
    ".env": Format.DOTENV,
    ".ini": Format.INI,
}
_MARKS = {
    Format.BINARY: b'"mac": "ENC[',
    Format.DOTENV: b"sops_mac=ENC[",
    Format.INI: b"[sops]",
    Format.JSON: b'"mac": "ENC[',
    Format.YAML: b"mac: ENC[",
}
_MAC = re.compile(rb"\bmac[\"']?:\s*[\"']?ENC\[")
_DETECTED = (Format.YAML, Format.JSON, Format.DOTENV, Format.INI)


def format_of(path: str) -> Format:
    """The format that a name stands for (sops formats.FormatForPath, and Docker's credentials)."""
    endings = (form for ending, form in _ENDINGS.items() if path.endswith(ending))
    return next(endings, Format.BINARY)


def is_encrypted_file(content: bytes, form: Format) -> bool:
    """Whether Flux takes a file for encrypted: it looks for the MAC as the format writes it."""
    return _MARKS[form] in content


def is_marked(content: bytes) -> bool:
    """Whether sops wrote a file, in whatever style the file is: it keeps flow mappings, and
    a formatter may break its lines."""
    return detect(content) is not None or _MAC.search(content) is not None


def detect(content: bytes) -> Format | None:
    """The format whose mark a text bears. JSON and BINARY bear the same."""
    return next((form for form in _DETECTED if is_encrypted_file(content, form)), None)
