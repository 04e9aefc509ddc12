"""One line that tells a waiting person how far the work is. Clock and terminal come in."""

from collections.abc import Callable

_PATIENCE = 0.5
"""Seconds of silence before anything is shown: most runs end earlier."""
_PACE = 0.1
"""Seconds between two changes of the line; more is not readable."""
_ERASE = "\r\033[K"


class Progress:
    """A counter over work of a known or unknown amount; it leaves nothing behind."""

    def __init__(
        self, write: Callable[[str], object], clock: Callable[[], float], *, width: int = 80
    ) -> None:
        self._write = write
        self._clock = clock
        self._width = width
        self._next = clock() + _PATIENCE
        self._shown = False

    def show(self, done: int, total: int, what: str) -> None:
        """`done` of `total` is finished and `what` is being worked on; total 0 is unknown."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + _PACE
        self._shown = True
        amount = f"{done}/{total}" if total else f"{done}"
        self._write(_ERASE + f"{amount} {what}"[: self._width - 1])

    def close(self) -> None:
        """Erase the line."""
        if self._shown:
            self._write(_ERASE)
            self._shown = False
