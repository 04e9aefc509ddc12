"""What belongs to the project and what may stand in it."""

from pathlib import Path

from tests.architecture import project

BINARY = (".tgz", ".png", ".gz", ".bin")

# Put together here, so that this file passes its own audit.
MACHINES = [f"/{folder}/" for folder in ("work", "root")]
INDEXES = [f"{host}.org" for host in ("pypi", "pythonhosted", "npmjs")]


def test_text_is_utf8_without_carriage_returns_and_ends_with_a_newline() -> None:
    wrong = []
    for path in _texts():
        text = path.read_bytes()
        if b"\r" in text or not _is_utf8(text) or (text and not text.endswith(b"\n")):
            wrong.append(str(path.relative_to(project.ROOT)))
    assert wrong == []


def test_no_file_names_a_machine_or_a_package_index() -> None:
    wrong = [
        f"{path.relative_to(project.ROOT)}: {name}"
        for path in _texts()
        for name in [*MACHINES, *INDEXES]
        if name.encode() in path.read_bytes()
    ]
    assert wrong == []


def test_manifests_start_with_a_document_line() -> None:
    wrong = [
        str(path.relative_to(project.ROOT))
        for path in project.tracked()
        if path.relative_to(project.ROOT).parts[0] == "kubernetes"
        and path.suffix in (".yaml", ".yml")
        and not path.read_bytes().startswith(b"---\n")
    ]
    assert wrong == []


def _texts() -> list[Path]:
    """Files that people read; bad input kept for tests may be anything."""
    return [
        path
        for path in project.tracked()
        if path.suffix not in BINARY and "refused" not in path.relative_to(project.ROOT).parts
    ]


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
