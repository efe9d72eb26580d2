#!/usr/bin/env python3
"""Measures language servers on the same vaults, in turns: cold start, memory and a keystroke.

    vaultls bench --notes 10000 --keep /tmp/v10k
    benches/servers.py --vault /tmp/v10k --server vaultls=vaultls --server iwes=iwes --json figures.json
    benches/plot.py figures.json > servers.svg

Cold start: from the start of the process to the first right answer for the references of the note that most notes link to;
of a server that is never right, to the answer it stays with. Keystroke: from the edit to the outline that shows it. Median
of `--runs`. Python 3.11, standard library only.
"""
import argparse
import json
import os
import re
import shlex
import statistics
import subprocess
import time
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

KEYSTROKES = 30
BUDGET = 20  # seconds for all keystrokes; three are made in any case
CAPABILITIES = {"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}, "workspace": {}}


class Server:
    """A server that speaks over pipes, started on a vault."""

    def __init__(self, command, vault):
        self.last = 0
        self.process = subprocess.Popen(
            shlex.split(command), cwd=vault, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        root = {"rootUri": vault.as_uri(), "workspaceFolders": [{"uri": vault.as_uri(), "name": vault.name}]}
        self.ask("initialize", {"processId": os.getpid(), "capabilities": CAPABILITIES, **root})
        self.tell("initialized", {})

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send(method=method, params=params)

    def ask(self, method, params):
        """The result; what the server asks meanwhile is answered with nothing."""
        self.last += 1
        self.send(id=self.last, method=method, params=params)
        while True:
            message = self.receive()
            if "method" in message and "id" in message:
                wanted = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
                self.send(id=message["id"], result=None if wanted is None else [None] * len(wanted))
            elif message.get("id") == self.last:
                return message.get("result")

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline().strip()):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise EOFError("the server ended")
        return json.loads(self.process.stdout.read(length))

    def memory(self):
        """Resident, in MB; of the process alone."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def end(self):
        self.process.kill()
        self.process.wait()


class Vault:
    """What a right server knows."""

    def __init__(self, root):
        self.root = Path(root).resolve()
        self.notes = sorted(self.root.rglob("*.md"))
        links = Counter()
        self.link = {}
        for note in self.notes:
            for number, line in enumerate(note.read_text().split("\n")):
                for link in re.finditer(r"\[\[([^\]|#]+?)\s*[\]|#]", line):
                    links[link[1]] += link[1] != note.stem
                    character = len(line[:link.start(1)].encode("utf-16-le")) // 2 + 1
                    self.link.setdefault(link[1], (note, {"line": number, "character": character}))
        self.hub, self.mentions = links.most_common(1)[0]
        self.usual = sorted(self.notes, key=lambda note: note.stat().st_size)[len(self.notes) // 2]


def document(note):
    return {"textDocument": {"uri": note.as_uri()}}


def opened(server, note):
    item = {"uri": note.as_uri(), "languageId": "markdown", "version": 0, "text": note.read_text()}
    server.tell("textDocument/didOpen", {"textDocument": item})


def cold_start(command, vault, patience):
    """The server, how long until it was right or stayed with an answer in seconds, and how many references that has."""
    began = time.perf_counter()
    server = Server(command, vault.root)
    note, position = vault.link[vault.hub]
    opened(server, note)
    found, since = None, began
    while True:
        # Some answer nothing unless the note itself is wanted too; it is not counted.
        answer = server.ask("textDocument/references", {
            **document(note), "position": position, "context": {"includeDeclaration": True}})
        now = time.perf_counter()
        mentions = sum(Path(unquote(location["uri"])).stem != vault.hub for location in answer or [])
        if mentions == vault.mentions:
            return server, now - began, mentions
        if found != mentions:
            found, since = mentions, now
        elif now - since > patience:
            return server, since - began, found
        time.sleep(0.01)


def keystrokes(server, note):
    """How long each took in ms, and how many were shown right at once."""
    opened(server, note)
    took, right = [], 0
    end = note.read_text().count("\n")
    while len(took) < 3 or len(took) < KEYSTROKES and sum(took) < BUDGET * 1e3:
        n = len(took)
        change = {"range": {"start": {"line": end, "character": 0}, "end": {"line": end, "character": 0}}, "text": f"# k{n}\n"}
        began = time.perf_counter()
        server.tell("textDocument/didChange", {
            "textDocument": {"uri": note.as_uri(), "version": n + 1}, "contentChanges": [change]})
        outline = server.ask("textDocument/documentSymbol", document(note))
        took.append((time.perf_counter() - began) * 1e3)
        right += f"k{n}\"" in json.dumps(outline)
    return took, right


def measured(name, command, vault, patience):
    server, seconds, found = cold_start(command, vault, patience)
    try:
        memory = server.memory()
        took, right = keystrokes(server, vault.usual)
    finally:
        server.end()
    return {
        "server": name, "notes": len(vault.notes), "cold_start_s": seconds, "references": found, "truth": vault.mentions,
        "memory_mb": memory, "keystroke_ms": statistics.median(took), "keystrokes_right": right / len(took)}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--vault", action="append", required=True)
    ap.add_argument("--server", action="append", required=True, metavar="NAME=COMMAND")
    ap.add_argument("--runs", type=int, default=3)
    ap.add_argument("--patience", type=float, default=10, help="seconds after which a wrong answer counts as the last")
    ap.add_argument("--json", required=True)
    a = ap.parse_args()
    figures = []
    for vault in map(Vault, a.vault):
        rows = {server: [] for server in a.server}
        for _ in range(a.runs):  # in turns, so that what else the machine does meets all of them
            for server in a.server:
                name, command = server.split("=", 1)
                rows[server].append(measured(name, command, vault, a.patience))
        for runs in rows.values():
            middle = {key: statistics.median(run[key] for run in runs) for key in runs[0] if key != "server"}
            figures.append({"server": runs[0]["server"], **middle})
            print("{server:16}{notes:>8.0f} notes  cold start {cold_start_s:8.3f} s  references {references:.0f} of {truth:.0f}  "
                  "{memory_mb:7.0f} MB  keystroke {keystroke_ms:8.2f} ms, right {keystrokes_right:.0%}".format(**figures[-1]),
                  flush=True)
    Path(a.json).write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
