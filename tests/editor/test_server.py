"""The language server over a real client, on pipes."""

import asyncio
import json
import random
import re
import subprocess
import sys

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from indexcalc.cli import main

pytestmark = pytest.mark.filterwarnings("ignore")
NOTES = """# Notes

With $y_i = A_{ij} x_j$ we get

$$ \\frac{\\partial y_i}{\\partial x_k} = A_{ki} $$

```indexcalc
index i : m
L = sum[i](u[i,j]*w[j])^2
dw[k] = diff(L, w[k])
check dw[k] = 0
```
"""
URI = "file:///folder/notes.md"


class Editor:
    """An editor with one text."""

    def __init__(self, client):
        self.client, self.version, self.published = client, 0, asyncio.Queue()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params):
            self.published.put_nowait(params)

    async def open(self, text, uri=URI):
        document = types.TextDocumentItem(uri, "markdown", 0, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        return await self.findings()

    async def findings(self):
        return (await asyncio.wait_for(self.published.get(), 60)).diagnostics

    def change(self, text, uri=URI):
        self.version += 1
        document = types.VersionedTextDocumentIdentifier(self.version, uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def at(self, text, words, shift=0):
        place = text.index(words) + shift
        line = text.count("\n", 0, place)
        return types.Position(line, place - text.rfind("\n", 0, place) - 1)


def session(work):
    """Run some work with a client that talks to the command on pipes."""

    async def run():
        client = LanguageClient("test", "1")
        editor = Editor(client)
        await client.start_io(sys.executable, "-m", "indexcalc", "lsp")
        await client.initialize_async(types.InitializeParams(types.ClientCapabilities(), process_id=None))
        client.initialized(types.InitializedParams())
        await work(editor, client)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()

    asyncio.run(asyncio.wait_for(run(), 90))


def test_a_session():
    async def work(editor, client):
        text = NOTES
        found = await editor.open(text)
        assert [each.code for each in found] == ["refuted", "refuted"]
        assert found[0].range.start == editor.at(text, "= A_{ki}")
        assert found[0].range.end == editor.at(text, "= A_{ki}", len("= A_{ki}"))
        assert found[0].severity == types.DiagnosticSeverity.Error and "fix: A_{ik}" in found[0].message
        await hovers(client, editor, text)
        await names(client, editor, text)
        await actions(client, editor, text)
        editor.change(text.replace("A_{ki}", "A_{ik}"))
        assert [each.code for each in await editor.findings()] == ["refuted"]
        for number in range(5):  # typing: only the last is judged
            editor.change(text.replace("A_{ki}", "A_{ik}").replace("dw[k] = 0", f"dw[k] = {number}*w[k]"))
        assert "4*w[k]" in (await editor.findings())[0].message
        client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(URI)))
        assert list(await editor.findings()) == []

    session(work)


async def hovers(client, editor, text):
    async def hover(words, shift=0):
        document = types.TextDocumentIdentifier(URI)
        asked = types.HoverParams(document, editor.at(text, words, shift))
        found = await client.text_document_hover_async(asked)
        return found.contents.value if found else None

    assert (await hover("= A_{ki}")).startswith("**refuted** the indices of A_{ki} are exchanged; ")
    words = await hover("dw[k] = diff")
    assert words.startswith("`dw`: axes (") and "\n= `" in words and "diff(L, w[k])\n```" in words
    assert await hover("w[j]") == "`w`: axes (j); given"
    assert await hover("i : m") == "index `i`, of size m"
    assert await hover("we get") is None


async def names(client, editor, text):
    document = types.TextDocumentIdentifier(URI)
    asked = types.CompletionParams(document, editor.at(text, "check dw", 6))
    found = await client.text_document_completion_async(asked)
    sorts = {each.label: each.detail for each in found}
    assert sorts["i"] == "m" and "dw" in sorts and "logsumexp" in sorts and "exp" in sorts
    assert await client.text_document_completion_async(types.CompletionParams(document, types.Position(0, 3))) == []
    asked = types.DefinitionParams(document, editor.at(text, "diff(L", 5))
    place = await client.text_document_definition_async(asked)
    assert place.range.start == editor.at(text, "L = sum")


async def actions(client, editor, text):
    async def offered(words):
        document = types.TextDocumentIdentifier(URI)
        place = editor.at(text, words)
        asked = types.CodeActionParams(document, types.Range(place, place), types.CodeActionContext([]))
        return await client.text_document_code_action_async(asked)

    (mend,) = await offered("= A_{ki}")
    (edit,) = mend.edit.changes[URI]
    assert (mend.title, edit.new_text) == ("Write A_{ik}", "A_{ik}")
    assert edit.range.start == editor.at(text, "A_{ki}")
    titles = {each.title.split(":")[0]: each for each in await offered("dw[k] = diff")}
    below = ["Write the next step below", "Write the derivation below"]
    assert list(titles) == ["Work out", *below, "Write its code to dw.py"]
    created, filled = titles["Write its code to dw.py"].edit.document_changes
    assert created.uri == "file:///folder/dw.py" and filled.edits[0].new_text.startswith("import numpy as np")
    (edit,) = titles["Write the derivation below"].edit.changes[URI]
    assert edit.new_text.startswith("\ncheck diff(L, w[k]) = ")


def test_random_messages():
    """Whatever an editor sends, the server answers or says what is wrong, and goes on."""
    chance = random.Random(7)
    pieces = "$ $$ x_i = \\frac{ } check diff( [ 😀 \0".split(" ")
    pieces += ["\n", "```indexcalc\n", "```\n", "y[i] = x[i]\n"]

    async def work(editor, client):
        await editor.open(NOTES)
        document = types.TextDocumentIdentifier(URI)
        for _ in range(120):
            place = types.Position(chance.randrange(20), chance.randrange(60))
            other = types.Position(chance.randrange(2**31), chance.randrange(2**31))
            await client.text_document_hover_async(types.HoverParams(document, chance.choice([place, other])))
            await client.text_document_completion_async(types.CompletionParams(document, place))
            await client.text_document_definition_async(types.DefinitionParams(document, place))
            asked = types.CodeActionParams(document, types.Range(place, other), types.CodeActionContext([]))
            await client.text_document_code_action_async(asked)
            if chance.random() < 0.5:
                text = NOTES if chance.random() < 0.3 else "".join(chance.choices(pieces, k=chance.randint(1, 30)))
                editor.change(text)
        unknown = types.HoverParams(types.TextDocumentIdentifier("file:///etc/passwd"), types.Position(0, 0))
        assert await client.text_document_hover_async(unknown) is None

    session(work)


def framed(body):
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_messages_that_are_none():
    """Broken and unknown messages have errors for answers, or none; the server goes on and ends when it is told to."""
    ask = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}
    bodies = [
        json.dumps(ask).encode(),
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"jsonrpc": "2.0"}',
        b'{"jsonrpc": "2.0", "id": 2, "method": "textDocument/nothing", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 3, "method": "textDocument/hover", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 4, "method": "workspace/executeCommand", "params": {"command": "rm"}}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 1}}',
        b'{"jsonrpc": "2.0", "id": 9, "method": "shutdown"}',
        b'{"jsonrpc": "2.0", "method": "exit"}',
    ]
    command = [sys.executable, "-m", "indexcalc", "lsp"]
    done = subprocess.run(command, input=b"".join(map(framed, bodies)), capture_output=True, timeout=90)
    answers = {}
    for body in re.findall(rb"\{.*?\}(?=Content-Length|$)", done.stdout, re.DOTALL):
        answer = json.loads(body)
        answers[answer.get("id")] = answer
    assert "result" in answers[1] and answers[9]["result"] is None
    assert all("error" in answers[number] for number in (2, 4))


def test_the_package_that_it_needs(monkeypatch, capsys):
    from indexcalc.cli import extras

    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    assert main(["lsp"]) == 2
    assert capsys.readouterr().err == (
        "indexcalc: the language server needs pygls and lsprotocol. Install it with: pip install 'indexcalc[lsp]'.\n"
    )
