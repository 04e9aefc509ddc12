"""Helm's own engine: the C functions of helm-python-sdk, without its Python layer.

That layer takes 80 ms to import and hides `api_versions`; this one takes 8 ms. Go keeps starting up
in threads of its own after the library is there, so load it before importing anything slow.

A chart that recurses without end makes Go abort the whole process, and rendering changes the loaded
chart: use this in a process that may die. Never fork after loading.
"""

import ctypes
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

_NAMES = {"darwin": "libhelm_c.0.2.2.dylib", "win32": "libhelm_c-0.2.2.dll"}
_TEXT = ctypes.c_char_p
# Not c_char_p: ctypes would copy the text, drop the pointer and so leak it.
_TEXT_OUT = ctypes.POINTER(ctypes.c_void_p)
_HANDLE_OUT = ctypes.POINTER(ctypes.c_uint64)
_SIGNATURES: Mapping[str, list[Any]] = {
    "helm_chart_load_archive": [_TEXT, ctypes.c_uint64, _HANDLE_OUT, _TEXT_OUT],
    "helm_render": [ctypes.c_uint64, _TEXT, _TEXT, _TEXT_OUT, _TEXT_OUT],
    "helm_chart_crds": [ctypes.c_uint64, _TEXT_OUT, _TEXT_OUT],
    "helm_chart_free": [ctypes.c_uint64, _TEXT_OUT],
}


class Refused(Exception):
    """Helm does not load or render the chart; the message is Helm's own."""


class Library:
    """The engine, loaded when this is made, which raises OSError where it cannot be.

    Several threads may use it at once.
    """

    def __init__(self) -> None:
        self._library = ctypes.CDLL(_path())
        for name, arguments in _SIGNATURES.items():
            function = getattr(self._library, name)
            function.argtypes, function.restype = arguments, ctypes.c_int32
        self._library.helm_free_string.argtypes = [ctypes.c_void_p]
        self._library.helm_free_string.restype = None

    def render(self, archive: bytes, values: bytes, options: bytes) -> tuple[bytes, bytes]:
        """The text of templates by path, and the CRDs of all charts that are enabled, as JSON.

        `values` and `options` are JSON, too. Raises Refused.
        """
        handle = ctypes.c_uint64()
        self._call("helm_chart_load_archive", archive, len(archive), ctypes.byref(handle))
        try:
            rendered = self._text("helm_render", handle, values, options)
            # Only now does the chart lack its disabled subcharts.
            crds = self._text("helm_chart_crds", handle)
        finally:
            self._call("helm_chart_free", handle)
        return rendered, crds

    def _text(self, name: str, *arguments: Any) -> bytes:
        pointer = ctypes.c_void_p()
        self._call(name, *arguments, ctypes.byref(pointer))
        return self._take(pointer)

    def _call(self, name: str, *arguments: Any) -> None:
        words = ctypes.c_void_p()
        code = getattr(self._library, name)(*arguments, ctypes.byref(words))
        message = self._take(words)
        if code != 0:
            raise Refused(message.decode(errors="replace") or f"{name} failed with {code}")

    def _take(self, pointer: ctypes.c_void_p) -> bytes:
        """The text at a pointer that the library gave us to free."""
        if not pointer.value:
            return b""
        try:
            return ctypes.string_at(pointer.value)
        finally:
            self._library.helm_free_string(pointer)


def _path() -> str:
    package = find_spec("helm_python")
    folders = (package.submodule_search_locations if package else None) or [""]
    return os.path.join(folders[0], "lib", _NAMES.get(sys.platform, "libhelm_c.so.0.2.2"))
