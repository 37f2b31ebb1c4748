"""The page as static files: no server answers it, but Python itself, compiled to WebAssembly (Pyodide), in a worker.

The files are those of the page, the runtime as its npm package ships it, and two archives of pure Python: what derives,
and what else proofs need. Where the runtime comes with a wheel of numpy, samples are drawn too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from indexcalc.errors import IndexcalcError
from indexcalc.notation.parsing import grammar_path

VERSION = "314.0.7"  # of the runtime that is fetched where none is named; the tests run this one
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
ARCHIVES = {"first.zip": ("indexcalc", "lark", "latex2mathml"), "proofs.zip": ("mpmath", "sympy")}
UNUSED = frozenset({"__pycache__", "tests", "benchmarks", "testing"})  # folders that nothing imports here
PAGE = ("page.css", "page.js", "worker.mjs")
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "worker-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
)


def build(folder: Path, runtime: Path | None = None) -> list[str]:
    """Write the page into a folder; the names of its files.

    runtime: the folder of Pyodide, such as node_modules/pyodide; without it the npm package is fetched. Raises
    IndexcalcError where there is none, or where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if runtime is None:
            with TemporaryDirectory() as fetched:
                return _written(folder, _fetched(Path(fetched)))
        return _written(folder, runtime)
    except OSError as error:
        raise IndexcalcError(f"{error.filename}: {error.strerror}", "Name a folder that can be written") from None


def _fetched(folder: Path) -> Path:
    """The runtime from the npm registry."""
    npm = shutil.which("npm")
    remedy = f"Run npm install pyodide@{VERSION}, and name its folder: --pyodide node_modules/pyodide"
    if npm is None:
        raise IndexcalcError("Pyodide is fetched by npm, which is not here", remedy)
    command = [npm, "install", "--silent", "--no-save", "--prefix", str(folder), f"pyodide@{VERSION}"]
    if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode:
        raise IndexcalcError(f"npm did not get pyodide@{VERSION}", remedy)
    return folder / "node_modules" / "pyodide"


def _written(folder: Path, runtime: Path) -> list[str]:
    lacking = [name for name in RUNTIME if not (runtime / name).is_file()]
    if lacking:
        raise IndexcalcError(f"{runtime} has no {lacking[0]}", f"Name the folder of the npm package pyodide, {VERSION}")
    for name in RUNTIME:
        shutil.copyfile(runtime / name, folder / name)
    wheel = json.loads((runtime / "pyodide-lock.json").read_text("utf-8"))["packages"]["numpy"]["file_name"]
    wheels = [wheel] if (runtime / wheel).is_file() else []
    for name in wheels:
        shutil.copyfile(runtime / name, folder / name)
    static = files("indexcalc.page") / "static"
    for name in PAGE:
        (folder / name).write_bytes(static.joinpath(name).read_bytes())
    (folder / "index.html").write_text(_static(static.joinpath("index.html").read_text("utf-8")), "utf-8")
    (folder / "settings.json").write_text(json.dumps({"numpy": bool(wheels)}), "utf-8")
    for name, packages in ARCHIVES.items():
        _pack(folder / name, packages)
    return ["index.html", *PAGE, "settings.json", *ARCHIVES, *RUNTIME, *wheels]


def _static(text: str) -> str:
    """The page that asks a worker; what it may load stands in itself, since no server says it."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return text.replace("<html ", '<html data-answers="worker" ', 1).replace("<title>", f"{policy}\n<title>", 1)


def _pack(archive: Path, packages: tuple[str, ...]) -> None:
    """Write packages into an archive, without their tests; the grammars of a checkout stand beside its package."""
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        for name in packages:
            folder = Path(str(files(name)))
            for path, content in _contents(folder, name):
                packed.write(content, path)
            if name != "indexcalc":  # which asks nobody for its version
                about = f"Name: {name}\nVersion: {version(name)}\n"
                packed.writestr(f"{name}-{version(name)}.dist-info/METADATA", about)
            elif not (folder / "grammars").is_dir():
                for path, content in _contents(grammar_path("text.lark").parent, "indexcalc/grammars"):
                    packed.write(content, path)


def _contents(folder: Path, path: str) -> Iterator[tuple[str, Path]]:
    for each in sorted(folder.iterdir()):
        below = f"{path}/{each.name}"
        if each.is_file() and each.suffix not in (".pyc", ".so"):
            yield below, each
        elif each.is_dir() and each.name not in UNUSED:
            yield from _contents(each, below)
