from gitops.ui.progress import Progress


class Terminal:
    """A terminal that is written to, and a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self.written: list[str] = []
        self.progress = Progress(self.written.append, lambda: self.now, width=20)


def test_short_work_shows_nothing() -> None:
    terminal = Terminal()
    terminal.now += 0.4
    terminal.progress.show(1, 9, "apps")
    terminal.progress.close()
    assert terminal.written == []


def test_long_work_is_one_line_that_goes_away() -> None:
    terminal = Terminal()
    terminal.now += 0.6
    terminal.progress.show(1, 9, "apps")
    terminal.progress.show(2, 9, "too soon after the last one")
    terminal.now += 0.2
    terminal.progress.show(3, 0, "a name that is longer than the line")
    terminal.progress.close()
    assert terminal.written == ["\r\033[K1/9 apps", "\r\033[K3 a name that is lo", "\r\033[K"]
