"""The shape of the house: who may import whom, what is shipped, how long things are."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "indexcalc"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A module imports only from the rooms before it, or from its own.
ROOMS = (
    "errors",
    "showing",
    "indices",
    "affine",
    "terms",
    "reads",
    "walk",
    "looked",
    "budget",
    "canonical",
    "sheet",
    "calculus.rows",
    "calculus.parts",
    "calculus.special",
    "calculus.functions",
    "brackets",
    "calculus.primitives",
    "notation.lexicon",
    "notation.formula",
    "notation.laid",
    "notation.tex",
    "notation.syntax",
    "notation.lowering",
    "notation.latex",
    "notation.matrices",
    "notation.shifts",
    "notation.writing",
    "notation",
    "rewrite",
    "calculus",
    "derivation",
    "codegen.preparing",
    "codegen.programs",
    "codegen.passes",
    "codegen.writing",
    "codegen.loops",
    "codegen",
    "verify",
    "audit.documents",
    "audit.proving",
    "audit.slips",
    "lift.errors",
    "lift.arrays",
    "lift.library",
    "lift.reading",
    "lift.judging",
    "lift",
    "context",
    "meaning",
    "audit",
    "explaining",
    "render",
    "terminal",
    "results",
    "many",
    "display",
    "project",
    "api",
    "pictures",
    "notebook",
    "editor",
    "page",
    "sphinx",
    "assistant",
    "",  # indexcalc itself: the names that a user imports
    "cli",
    "__main__",
)
MOST_FILES = 20  # in a folder: more than that wants a room of its own
LONGER = {"terms.py": 730}  # one closed set of node types, which belong side by side
HEAVY = {"IPython", "autograd", "dask", "docutils", "jax", "latex2mathml", "lsprotocol", "mcp", "mpmath"}
HEAVY |= {"nbformat", "numba", "numpy", "pygls", "rich", "scipy", "sympy", "torch"}


def name_of(path: Path) -> str:
    """`notation.reader` for indexcalc/notation/reader.py; empty for indexcalc itself."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


NAMES = {name_of(path) for path in MODULES}
FULL_NAMES = {f"indexcalc.{name}" for name in NAMES}


def room_of(module: str) -> int:
    """The place of a module's room: the longest name in the list that begins the module's."""
    fitting = [room for room in ROOMS if module == room or (room and module.startswith(f"{room}."))]
    assert fitting, f"{module} belongs to no room"
    return ROOMS.index(max(fitting, key=len))


def nodes_at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker sees."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from nodes_at_run_time(node)


def imports_of(path: Path) -> set[str]:
    """The modules of indexcalc that a module imports, at its top or inside a function."""
    found = set()
    for node in nodes_at_run_time(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names if names <= FULL_NAMES else {str(node.module), *names}
    names = {name.removeprefix("indexcalc").removeprefix(".") for name in found if name.split(".")[0] == "indexcalc"}
    modules = names & NAMES
    return {name for name in modules if name or "indexcalc" in found} - {name_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_only_from_the_rooms_before(path):
    module = name_of(path)
    if module == "":
        return
    later = {other for other in imports_of(path) if room_of(other) > room_of(module)}
    assert not later, f"{module} imports from later rooms: {sorted(later)}"


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=lambda folder: folder.name)
def test_no_room_is_crowded(folder):
    assert len(list(folder.glob("*.py"))) <= MOST_FILES


def test_no_import_goes_in_a_circle():
    tuple(TopologicalSorter({name_of(path): imports_of(path) for path in MODULES}).static_order())


def test_import_is_light():
    """`import indexcalc` and the help of the command line load nothing that is slow to load."""
    code = "import sys, indexcalc, indexcalc.cli; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(loaded.stdout.split())


def test_every_folder_with_code_is_shipped():
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in MODULES}
    assert sorted(shipped) == sorted(folders | {"indexcalc.grammars"})
    assert list((ROOT / "grammars").glob("*.lark"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_code_fits_in_a_glance(path):
    text = path.read_text()
    assert text.count("\n") <= LONGER.get(path.name, 350)
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.end_lineno - node.lineno >= 50] == []
    assert not [mark for mark in ("TODO", "FIXME", "XXX") if mark in text]


def public_names(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes of a module, and their public methods."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_names(ast.Module(node.body, []))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_public_name_is_explained(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module says nothing"
    assert [node.name for node in public_names(tree) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_code_that_indexcalc_wrote_is_executed(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    executed = [call.func.id for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("eval", "exec")]
    assert not executed or name_of(path).startswith("codegen")
