"""The command `indexcalc lsp`: the language server, for editors."""

from __future__ import annotations

import argparse

import indexcalc as ic
from indexcalc.cli.command import Command, operands
from indexcalc.cli.extras import need


def serve(options: argparse.Namespace) -> int:
    """Answer an editor on the standard streams until it ends."""
    operands(options, 0, 0)
    need(("pygls", "lsprotocol"), "lsp", "the language server")
    from indexcalc.editor.server import server

    server(ic.__version__).start_io()
    return 0


COMMAND = Command(
    "",
    "serve an editor by the language server protocol, on the standard streams",
    ("indexcalc lsp",),
    serve,
)
