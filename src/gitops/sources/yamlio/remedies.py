"""What to do about a document that is no YAML, by the words of the parser (libyaml)."""

_REMEDIES = {
    "JSON has only strings": "quote the key",
    "JSON has no": "write it as a text in quotes, or as a number that JSON has",
    "cannot decode": "remove the tag, or write a value of its type",
    "contains itself": "write the value out: what an anchor names cannot be in itself",
    "anchor": "define the anchor with & earlier in the same document, or write the value out",
    "map merge": "give << a mapping, or a list of mappings",
    "mapping key must be a scalar": "quote the key, or a value that begins with { or [",
    "mapping values are not": "indent the line like its neighbours, or quote a text with ': '",
    "mapping keys are not": "quote a text that begins with ?",
    "sequence entries are not": "put the list on lines of its own below its key",
    "cannot start any token": "quote a text that begins with @, ` or %, and indent with spaces",
    "tab character": "indent with spaces, not tabs",
    "find expected ':'": "write key: value, indent the lines of a text alike, or quote it",
    "find expected key": "indent the keys of a mapping alike, or correct the quotes before it",
    "find expected '-' indicator": "indent the elements of one list alike",
    "find expected ',' or": "close the bracket, or put a comma before the next element",
    "unexpected end of stream": "close the quote",
    "unexpected document": "close the quote",
    "unknown escape character": "double the backslash, or use single quotes",
    "hexdecimal": "give the escape all of its digits, or use single quotes",
    "comment or line break": "begin the text on the next line",
    "indentation indicator": "indent with 1 to 9 after | or >, or leave the number out",
    "tag": "remove the tag that begins with !, or quote the text",
}
_USUAL = "correct the line; indentation, a missing quote or a tab are the usual causes"


def remedy(words: str) -> str:
    """The way out of what the parser complains of."""
    return next((way for part, way in _REMEDIES.items() if part in words), _USUAL)
