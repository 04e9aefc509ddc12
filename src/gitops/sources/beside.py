"""Work that goes on in a copy of this process, while this one does something else."""

import gc
import os
import sys
from collections.abc import Callable
from functools import partial


def begin(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Start some work, and give back what waits for its result.

    Where no copy can be made, or no processor is free for it, the work is done when its result is
    asked for; and so it is where the copy came to grief, which tells why.
    """
    if not _may_fork():
        return work
    ours, theirs = os.pipe()
    copy = os.fork()
    if copy == 0:
        _answer(work, theirs)
    os.close(theirs)
    return partial(_result, copy, ours, work)


def _may_fork() -> bool:
    """Locks that other threads hold would stay held in a copy. Only Linux tells of all threads,
    those of libraries included."""
    alone = sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    return alone and len(os.sched_getaffinity(0)) > 1


def _answer(work: Callable[[], bytes], theirs: int) -> None:
    """Ends the copy, and flushes nothing: what waits to be written is the first process's."""
    gc.disable()  # What the first process has opened is not for its copy to close.
    code = 1
    try:
        with os.fdopen(theirs, "wb") as out:
            out.write(work())
        code = 0
    finally:
        os._exit(code)


def _result(copy: int, ours: int, work: Callable[[], bytes]) -> bytes:
    with os.fdopen(ours, "rb") as answer:
        result = answer.read()
    _, status = os.waitpid(copy, 0)
    return result if status == 0 else work()
