"""The command `indexcalc mcp`: a server for assistants."""

from __future__ import annotations

import argparse

import indexcalc as ic
from indexcalc.cli.command import Command, operands
from indexcalc.cli.extras import need


def serve(options: argparse.Namespace) -> int:
    """Answer an assistant on the standard streams until it ends."""
    operands(options, 0, 0)
    need(("mcp",), "mcp", "the server for assistants")
    from indexcalc.assistant.server import server

    server(ic.__version__).run("stdio")
    return 0


COMMAND = Command(
    "",
    "serve an assistant by the model context protocol, on the standard streams",
    ("indexcalc mcp",),
    serve,
)
