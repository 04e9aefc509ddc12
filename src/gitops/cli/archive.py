"""`gitops archive`: backups on tape. It runs on the host that has the drive."""

import datetime
import sys
from argparse import Namespace

import msgspec

from gitops.archive import parts, rotation, writing
from gitops.archive.catalogue import Cartridge, Cartridges
from gitops.archive.drive import Drive
from gitops.archive.rotation import Tape
from gitops.archive.writing import Ports, Run
from gitops.cli import arguments, compose, operating
from gitops.errors import ToolError, UsageError
from gitops.model.estate import TapeLibrary
from gitops.sources.disk import DiskTree
from gitops.sources.tapes import stage
from gitops.sources.tapes.folders import Folders
from gitops.sources.tapes.ledger import Ledger
from gitops.sources.tapes.library import Library
from gitops.ui import phrase

_DESCRIPTION = (
    "Keep backups on tape: plan what a run takes, write it to a cartridge of each generation and "
    "read it back, verify cartridges again, and tell what is on them (catalogue) and which are "
    "next (rotate)."
)
_VERBS = ("plan", "write", "verify", "catalogue", "rotate")


def run(given: list[str]) -> int:
    """Do what is asked for; 1 when a cartridge could not be read."""
    options = _parse(given)
    library = operating.estate(DiskTree(compose.repository(options.repo))).tape_library
    match options.what:
        case "plan":
            return _plan(library, options)
        case "write":
            return _write(library, options)
        case "verify":
            return _verify(options)
        case "rotate":
            return _rotate(library, options)
    return _catalogue(options)


def _parse(given: list[str]) -> Namespace:
    parser = arguments.parser("archive", _DESCRIPTION)
    parser.add_argument("what", choices=_VERBS, help="what to do")
    parser.add_argument("tapes", nargs="*", metavar="BARCODE", help="verify: only these")
    parser.add_argument("--repo", default=".", metavar="DIR", help="the repository (default: .)")
    parser.add_argument(
        "--catalogue", default="catalogue.jsonl", metavar="FILE", help="what is on which cartridge"
    )
    parser.add_argument("--date", type=_day, metavar="DAY", help="the day of the run, 2026-11-29")
    parser.add_argument("--stage", metavar="DIR", help="plan, write: what is archived, on disk")
    parser.add_argument("--changer", default="/dev/sg3", metavar="FILE", help="for mtx")
    parser.add_argument("--drive", default="/dev/nst0", metavar="FILE", help="for mt")
    parser.add_argument(
        "--folder", metavar="DIR", help="folders instead of cartridges, to rehearse with"
    )
    arguments.add_json(parser)
    options = parser.parse_args(given)
    _demand(options)
    return options


def _demand(options: Namespace) -> None:
    wanted = {"plan": ("date", "stage"), "write": ("date", "stage"), "verify": ("date",)}
    wanted["rotate"] = ("date",)
    for name in wanted.get(options.what, ()):
        if getattr(options, name) is None:
            raise UsageError(f"{options.what} needs --{name}")
    if options.tapes and options.what != "verify":
        raise UsageError(f"{options.what} takes no barcodes")


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as cause:
        raise UsageError(f"--date {text} is no day; write it like 2026-11-29") from cause


def _held(options: Namespace) -> Cartridges:
    try:
        return writing.state(Ledger(options.catalogue))
    except msgspec.DecodeError as cause:
        raise ToolError(f"{options.catalogue} is no catalogue: {cause}") from cause


def _drive(options: Namespace) -> Drive:
    root = options.stage or ""
    if options.folder:
        return Folders(options.folder, root)
    return Library(options.changer, options.drive, root)


def _ports(options: Namespace) -> Ports:
    return Ports(_drive(options), Ledger(options.catalogue), lambda words: print(words, flush=True))


def _write(library: TapeLibrary, options: Namespace) -> int:
    _held(options)
    cut = parts.cut(stage.files(options.stage))
    if not cut:
        raise UsageError(f"there is nothing in {options.stage}")
    writing.write(Run(options.date, cut, rotation.tapes(library)), _ports(options))
    return 0


def _verify(options: Namespace) -> int:
    held = _held(options)
    unknown = sorted(set(options.tapes) - set(held))
    if unknown:
        raise UsageError(f"the catalogue knows nothing of {', '.join(unknown)}")
    chosen = options.tapes or [code for code, each in sorted(held.items()) if each.written]
    return int(bool(writing.verify(chosen, options.date, _ports(options))))


def _plan(library: TapeLibrary, options: Namespace) -> int:
    """What a run would take, and whether there is as much."""
    held, known = _held(options), rotation.tapes(library)
    cut = parts.cut(stage.files(options.stage))
    kind = rotation.level(options.date, rotation.runs(held) - {options.date})
    size = sum(each.size for each in cut)
    lines = [f"a {kind} run, {size / 10**9:.1f} GB in {phrase.count(len(cut), 'part')}"]
    short = False
    for generation in sorted({tape.generation for tape in known}):
        free = rotation.free(options.date, generation, known, held)
        first = next(tape for tape in known if tape.generation == generation)
        needed = parts.cartridges(cut, first)
        short = short or needed > len(free)
        names = ", ".join(tape.barcode for tape in free[:needed])
        lines.append(f"LTO-{generation}: {needed} of {len(free)} free cartridges: {names}")
    print("\n".join(lines))
    return int(short)


def _rotate(library: TapeLibrary, options: Namespace) -> int:
    held = _held(options)
    rows = [_row(tape, held.get(tape.barcode), options) for tape in rotation.tapes(library)]
    if options.json:
        print(msgspec.json.encode(rows).decode())
    else:
        sys.stdout.writelines(f"{code:<10}{words}\n" for code, words in rows)
    return 0


def _row(tape: Tape, held: Cartridge | None, options: Namespace) -> tuple[str, str]:
    if held is None or (held.label is None and not held.condemned):
        return tape.barcode, "was never written"
    if held.condemned:
        return tape.barcode, f"is used no more: {held.condemned}"
    assert held.label is not None
    word = "free since" if held.is_free(options.date) else "kept until"
    return tape.barcode, f"{word} {held.label.until}, run {held.label.run}"


def _catalogue(options: Namespace) -> int:
    held = _held(options)
    if options.json:
        print(msgspec.json.encode(sorted(held.values(), key=lambda each: each.barcode)).decode())
        return 0
    for code, each in sorted(held.items()):
        print(f"{code}: {phrase.count(len(each.written), 'part')}, {each.size} bytes")
        for part in each.written:
            state = "read back" if part.position in each.verified else "never read back"
            print(
                f"  {part.position} {part.part}: {phrase.count(len(part.files), 'file')}, {state}"
            )
    return 0
