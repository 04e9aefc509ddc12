"""Statements of Junos, read and written."""

from gitops.network.junos import statements
from gitops.network.junos.statements import Malformed, Running


def test_what_is_written_is_read_as_it_was() -> None:
    found = ("system", "login", "message", 'a "quoted" \\ word; and # more')
    line = statements.show(found)
    assert line == 'set system login message "a \\"quoted\\" \\\\ word; and # more"'
    assert statements.read(line) == Running((found,))


def test_words_without_special_characters_stand_as_they_are() -> None:
    assert statements.show(("interfaces", "ge-0/0/0.0"), "delete") == "delete interfaces ge-0/0/0.0"


def test_comments_and_empty_lines_say_nothing() -> None:
    assert statements.read("# set a b\n\nset a c # and why\n") == Running((("a", "c"),))


def test_what_is_deactivated_is_not_there() -> None:
    text = "set protocols bgp group one type external\nset vlans a\ndeactivate protocols bgp\n"
    assert statements.read(text) == Running((("vlans", "a"),), (("protocols", "bgp"),))


def test_a_line_that_is_no_statement_is_told_with_its_number() -> None:
    assert statements.read("set a b\nprotocols {\n") == Malformed(2, "'protocols' is no statement")
