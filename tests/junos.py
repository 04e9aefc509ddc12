"""A router that speaks NETCONF on its standard streams, as `ssh -s host netconf` shows one: what
tests put on PATH as `ssh`. It holds a configuration, judges, commits for a while, and takes back.

Source: Junos XML Management Protocol Developer Guide. Frames are those of RFC 6242, version 1.0.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

END = "]]>]]>"


class Router:
    """Its state is a file, so that tests see what became of it: `running`, and `done`, all that it
    was asked. `refuse` names a request and what it answers; `down` are neighbours whose sessions
    end once something was committed; `cut` lets the connection end at a request."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.candidate: list[str] = list(self.state["running"])

    def run(self) -> None:
        """Until the other side goes away."""
        self._say('<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities/></hello>')
        held = ""
        while read := os.read(0, 65536):
            held += read.decode()
            while END in held:
                message, _, held = held.partition(END)
                if "<hello" not in message and not self._answer(message):
                    return

    def _answer(self, message: str) -> bool:
        number = message.partition('message-id="')[2].partition('"')[0]
        name = message.partition(">")[2].lstrip("<").split(">")[0].split(" ")[0].rstrip("/")
        if name == "commit-configuration":
            name = next((k for k in ("check", "confirmed") if f"<{k}/>" in message), "confirm")
        self.state["done"].append(name)
        if name == self.state.get("cut"):
            self._keep()
            return False
        body = self._act(name, message)
        self._keep()
        self._say(self._reply(number, body))
        return name != "close-session"

    def _act(self, name: str, message: str) -> str:
        refused = self.state.get("refuse", {}).get(name)
        if refused:
            return (
                "<rpc-error><error-severity>error</error-severity><error-path>[edit]</error-path>"
                f"<error-message>\n{escape(refused)}\n</error-message></rpc-error>"
            )
        match name:
            case "get-configuration":
                text = "\n".join(["set version 21.4R3", *self.state["running"]])
                return f"<configuration-set>{escape(text)}\n</configuration-set>"
            case "load-configuration":
                lines = unescape(message.partition("<configuration-set>")[2].partition("</")[0])
                for line in lines.splitlines():
                    self._load(line)
            case "confirmed":
                self.state["before"] = self.state["running"]
                self.state["running"] = self.candidate
            case "confirm":
                self.state["before"] = None
            case "get-bgp-summary-information":
                return self._summary()
        return "<ok/>"

    def _load(self, line: str) -> None:
        verb, _, words = line.partition(" ")
        if verb == "delete":
            self.candidate = [
                each for each in self.candidate if not f"{each} ".startswith(f"set {words} ")
            ]
        elif line not in self.candidate:
            self.candidate.append(line)

    def _summary(self) -> str:
        """Sessions of the neighbours that are configured; a port stands at some addresses."""
        found = {
            line.split(" neighbor ")[1].split()[0]
            for line in self.state["running"]
            if " neighbor " in line
        }
        down = self.state["down"] if self.state.get("before") else []
        peers = "".join(
            f"<bgp-peer><peer-address>{address}+179</peer-address><peer-state>"
            f"{'Active' if address in down else 'Established'}</peer-state></bgp-peer>"
            for address in sorted(found)
        )
        return f'<bgp-information xmlns="urn:example:routing">{peers}</bgp-information>'

    def _reply(self, number: str, body: str) -> str:
        warning = (
            "<rpc-error><error-severity>warning</error-severity>"
            "<error-message>uncommitted changes</error-message></rpc-error>"
        )
        base = "urn:ietf:params:xml:ns:netconf:base:1.0"
        return f'<rpc-reply xmlns="{base}" message-id="{number}">{warning}{body}</rpc-reply>'

    def _say(self, text: str) -> None:
        # In pieces, as a network delivers them.
        whole = f"{text}\n{END}\n".encode()
        for start in range(0, len(whole), 7):
            os.write(1, whole[start : start + 7])

    def _keep(self) -> None:
        self.path.write_text(json.dumps(self.state), "utf-8")


if __name__ == "__main__":
    Router(Path(sys.argv[1])).run()
