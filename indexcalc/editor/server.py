"""The language server: what an editor asks, answered from the analysis of the text as it stands in the editor.

A text is read at once and judged a moment after the last change, in a thread of its own: only what the change may touch
is judged anew, and shown; what would decide the steps that are open is looked for then, and shown as well. Nothing of a
document is executed, and no file is read but what the editor sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import PurePosixPath
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from indexcalc.audit.keeping.session import Session
from indexcalc.editor.actions import Action, actions_at
from indexcalc.editor.analysis import Analysis, analysed
from indexcalc.editor.findings import Finding, findings
from indexcalc.editor.hovers import hover_at
from indexcalc.editor.names import completions_at, definition_at
from indexcalc.editor.positions import Positions
from indexcalc.errors import Span
from indexcalc.terminal import fault

PAUSE = 0.05  # seconds after a change before the text is judged
Result = TypeVar("Result")
SORTS = {
    "tensor": types.CompletionItemKind.Variable,
    "index": types.CompletionItemKind.EnumMember,
    "word": types.CompletionItemKind.Keyword,
    "function": types.CompletionItemKind.Function,
}
LANGUAGES = {"latex": "latex", "tex": "latex", "markdown": "markdown", "restructuredtext": "rst", "python": "python"}


class Server(LanguageServer):
    """A language server with the analyses of the open texts."""

    def __init__(self, version: str) -> None:
        super().__init__("indexcalc", version, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.analyses: dict[str, Analysis] = {}
        self.last_known: dict[str, Analysis] = {}  # the last one with a sheet, while one is being written
        self.sessions: dict[str, Session] = {}
        self.pool = ThreadPoolExecutor(max_workers=1)

    def analysis(self, uri: str) -> Analysis:
        """The analysis of a text as it stands now."""
        document = self.workspace.get_text_document(uri)
        text = (document.source if uri in self.workspace.text_documents else "").replace("\r\n", "\n")
        known = self.analyses.get(uri)
        if known is None or known.text != text:
            name = PurePosixPath(unquote(urlsplit(uri).path)).name
            format = "" if "." in name else LANGUAGES.get(document.language_id or "", "")
            known = analysed(text, name, format, self.sessions.setdefault(uri, Session()))
            self.analyses[uri] = known
        if known.sheets:
            self.last_known[uri] = known
        return known

    async def apart(self, work: Callable[[], Result]) -> Result:
        """The result of some work, which does not keep other questions waiting."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)


def server(version: str) -> Server:
    """A server that answers; it is started by its `start_io`."""
    made = Server(version)
    _add_changes(made)
    _add_questions(made)
    return made


def _add_changes(made: Server) -> None:
    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
        await _judge(server, params.text_document.uri, 0)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
        await _judge(server, params.text_document.uri, PAUSE)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
        server.analyses.pop(params.text_document.uri, None)
        server.sessions.pop(params.text_document.uri, None)
        server.last_known.pop(params.text_document.uri, None)
        _publish(server, params.text_document.uri, None, [])


async def _judge(server: Server, uri: str, pause: float) -> None:
    """Judge a text, unless it changes before its turn comes."""
    analysis = server.analysis(uri)
    await asyncio.sleep(pause)

    def work(at_once: bool) -> list[Finding] | None:
        if server.analyses.get(uri) is not analysis:
            return None
        try:
            return findings(analysis, at_once)
        except Exception as error:  # the editor goes on, and its user is told
            return [Finding(Span(0, 1), "failed", fault(error))]

    shown: list[Finding] | None = None
    for at_once in (True, False):
        found = await server.apart(partial(work, at_once))
        if found is None or server.analyses.get(uri) is not analysis:
            return
        if found != shown:
            _publish(server, uri, analysis, found)
        shown = found


def _publish(server: Server, uri: str, analysis: Analysis | None, found: list[Finding]) -> None:
    positions = Positions(analysis.text if analysis else "")
    diagnostics = [_diagnostic(each, positions) for each in found]
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics))


def _diagnostic(found: Finding, positions: Positions) -> types.Diagnostic:
    severity = types.DiagnosticSeverity.Error if found.is_wrong else types.DiagnosticSeverity.Warning
    return types.Diagnostic(
        _range(found.place, positions), found.message, severity=severity, code=found.word, source="indexcalc"
    )


def _range(place: Span, positions: Positions) -> types.Range:
    return types.Range(*(types.Position(*positions.at(each)) for each in (place.start, place.end)))


# ----- Questions -------------------------------------------------------------------------------------------------


def _add_questions(made: Server) -> None:
    @made.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(server: Server, params: types.HoverParams) -> types.Hover | None:
        analysis, positions, place = _asked(server, params)
        found = await server.apart(lambda: _answered(lambda: hover_at(analysis, place), None))
        if found is None:
            return None
        words = types.MarkupContent(types.MarkupKind.Markdown, found.words)
        return types.Hover(words, _range(found.place, positions))

    @made.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions())
    def completion(server: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
        analysis, _, place = _asked(server, params)
        known = analysis if analysis.sheets else server.last_known.get(params.text_document.uri, analysis)
        found = completions_at(analysis, place, known)
        return [types.CompletionItem(each.name, kind=SORTS[each.sort], detail=each.words) for each in found]

    @made.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(server: Server, params: types.DefinitionParams) -> types.Location | None:
        analysis, positions, place = _asked(server, params)
        found = await server.apart(lambda: _answered(lambda: definition_at(analysis, place), None))
        return types.Location(params.text_document.uri, _range(found, positions)) if found else None

    @made.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite]),
    )
    async def actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        uri = params.text_document.uri
        analysis = server.analysis(uri)
        positions = Positions(analysis.text)
        start, end = (positions.place(each.line, each.character) for each in (params.range.start, params.range.end))
        none: list[Action] = []
        found = await server.apart(lambda: _answered(lambda: actions_at(analysis, Span(start, end)), none))
        return [_action(each, uri, positions) for each in found]


def _asked(
    server: Server, params: types.HoverParams | types.CompletionParams | types.DefinitionParams
) -> tuple[Analysis, Positions, int]:
    analysis = server.analysis(params.text_document.uri)
    positions = Positions(analysis.text)
    return analysis, positions, positions.place(params.position.line, params.position.character)


def _answered(question: Callable[[], Result], otherwise: Result) -> Result:
    """The answer; where the text cannot be read there is none, and the margin says why."""
    try:
        return question()
    except Exception:  # the text cannot be read, or a fault of ours: the margin says so, and the editor goes on
        return otherwise


def _action(found: Action, uri: str, positions: Positions) -> types.CodeAction:
    kind = types.CodeActionKind.QuickFix if found.mends else types.CodeActionKind.RefactorRewrite
    edit = types.TextEdit(_range(found.place, positions), found.new)
    if not found.file:
        return types.CodeAction(found.title, kind=kind, edit=types.WorkspaceEdit(changes={uri: [edit]}))
    target = f"{uri.rpartition('/')[0]}/{found.file}"
    creation = types.CreateFile(target, options=types.CreateFileOptions(overwrite=False, ignore_if_exists=False))
    filled = types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(target), [edit])
    return types.CodeAction(found.title, kind=kind, edit=types.WorkspaceEdit(document_changes=[creation, filled]))
