"""The command `indexcalc serve`: the page, for the browser of this machine."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path

from indexcalc.cli.command import Command, operands
from indexcalc.cli.extras import need
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import complain, show

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--port", type=int, default=8400, metavar="N", help="where to serve; 0 takes a free one (8400)")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="for whom to serve (this machine alone)")
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.add_argument("--static", type=Path, metavar="FOLDER", help="write the page as files, for any file server")
    parser.add_argument("--pyodide", type=Path, metavar="FOLDER", help="the runtime of --static: node_modules/pyodide")


def serve(options: argparse.Namespace) -> int:
    """Serve the page until the user ends it."""
    operands(options, 0, 0)
    need(("latex2mathml",), "serve", "the page")
    if options.pyodide is not None and options.static is None:
        raise IndexcalcError("--pyodide is the runtime of --static", "Write --static FOLDER too")
    if options.static is not None:
        return _write(options.static, options.pyodide)
    from indexcalc.page.server import PageServer
    from indexcalc.page.workers import Workers

    workers = Workers()
    try:
        server = PageServer(options.host, options.port, workers)
    except (OSError, OverflowError) as error:
        workers.end()
        cause = getattr(error, "strerror", None) or error
        raise IndexcalcError(f"{options.host}:{options.port} cannot be served: {cause}", "Try --port 0") from None
    try:
        show(f"{server.address} (Ctrl-C ends it)")
        sys.stdout.flush()
        if options.host not in LOOPBACK:
            complain(f"remark: whoever reaches {options.host} may ask")
        if options.open:
            webbrowser.open(server.address)
        server.serve_forever()
    except KeyboardInterrupt:  # the way to end it
        return 0
    finally:
        server.server_close()
        workers.end()
    return 0


def _write(folder: Path, runtime: Path | None) -> int:
    """Write the page as files."""
    need(("lark", "mpmath", "sympy"), "serve", "the page without a server")
    from indexcalc.page.site import build

    size = sum((folder / name).stat().st_size for name in build(folder, runtime))
    show(f"{folder}: {size / 1e6:.0f} MB. Any server of files will do: python -m http.server -d {folder}")
    return 0


COMMAND = Command(
    "",
    "serve a page on which sheets are derived and documents checked as one types; no network, no account",
    ("indexcalc serve --open", "indexcalc serve --port 0", "indexcalc serve --static build/page"),
    serve,
    add_options,
)
