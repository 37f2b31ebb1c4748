"""The modules whose functions are known, what they are called where nothing is imported, and their constants."""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library.making import minus_infinity
from indexcalc.lift.library.table import ROWS
from indexcalc.lift.reading.values import Builtin, Kind, Module, Unknown, Value
from indexcalc.terms import ONE, Call, Tensor

# The names that code uses for modules where it does not import them.
USUAL = {
    "np": "numpy",
    "numpy": "numpy",
    "jnp": "jax.numpy",
    "jax": "jax",
    "torch": "torch",
    "F": "torch.nn.functional",
    "nn": "torch.nn",
    "math": "math",
    "einops": "einops",
    "anp": "autograd.numpy",
    "xp": "array_api",
    "lax": "jax.lax",
    "scipy": "scipy",
}
LIBRARIES = {
    "numpy": "numpy",
    "autograd": "autograd",
    "autograd.numpy": "numpy",
    "scipy": "numpy",
    "array_api": "numpy",
    "array_api_strict": "numpy",
    "array_api_compat": "numpy",
    "jax": "jax",
    "torch": "torch",
    "torch.nn.functional": "F",
    "einops": "einops",
    "math": "math",
    "operator": "math",
}
SUBMODULES = frozenset(
    "linalg random nn functional numpy scipy special lax autograd lib stride_tricks fft optim cuda utils tree "
    "tree_util ops func signal".split()
)
KINDS = {
    "float": "float",
    "float16": "float",
    "float32": "float",
    "float64": "float",
    "bfloat16": "float",
    "double": "float",
    "half": "float",
    "floating": "float",
    "single": "float",
    "int": "int",
    "int8": "int",
    "int16": "int",
    "int32": "int",
    "int64": "int",
    "uint8": "int",
    "long": "int",
    "integer": "int",
    "bool": "bool",
    "bool_": "bool",
    "float_": "float",
    "int_": "int",
}
USUAL_FUNCTIONS = {"rearrange": "einops"}  # functions that code may use without importing them
EINOPS = frozenset(("rearrange", "reduce", "repeat", "einsum", "pack", "unpack"))
# Decorators that leave a function what it is, as far as its values go.
KEEPING = frozenset(("jit", "custom_vjp", "custom_jvp", "Function", "defvjp", "no_grad", "enable_grad"))


def words_of(node: ast.expr) -> set[str]:
    """The names in a decorator, and those behind its dots."""
    words = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return words | {name.attr for name in ast.walk(node) if isinstance(name, ast.Attribute)}


# Functions of these libraries that change their arguments and have no row.
CHANGING = frozenset(("put", "copyto", "place", "putmask", "shuffle", "put_along_axis", "nan_to_num_"))


def library_of(module: str) -> str:
    """The library of a module: "numpy", "jax", "torch", "F", "einops", "math", or "" for one that is not known."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        found = LIBRARIES.get(".".join(parts[:length]))
        if found:
            return found
    return ""


def imported(node: ast.Import | ast.ImportFrom) -> dict[str, Value]:
    """The names that an import gives."""
    found: dict[str, Value] = {}
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.split(".")[0]
            found[alias.asname or name] = Module(name)
        return found
    for alias in node.names:
        if alias.name == "*":
            continue
        module = "." * node.level + (node.module or "")
        found[alias.asname or alias.name] = member(module, alias.name)
    return found


def member(module: str, name: str) -> Value:
    """What a module holds under a name."""
    library = library_of(module)
    whole = f"{module}.{name}"
    if library and module.endswith("random"):
        return Builtin(name, module)
    if whole in LIBRARIES or (name in SUBMODULES and (library or module.split(".")[0] == "torch")):
        return Module(whole)
    if module == "functools" and name in ("partial", "reduce"):
        return Builtin(name, module)
    if not library:
        return Unknown(f"{whole} is not known")
    constant = _constant(name)
    if constant is not None:
        return constant
    if name in ("newaxis",):
        return None
    if name in KINDS and not (library == "torch" and name == "long_"):
        return Kind(KINDS[name])
    if module == "einops.layers.torch":
        return Builtin(name, module) if name in ("Rearrange", "Reduce") else Unknown(f"{whole} is not known")
    if library == "einops":
        return Builtin(name, module) if name in EINOPS else Unknown(f"{whole} is not known")
    return Builtin(name, module)


def _constant(name: str) -> Array | None:
    if name == "pi":
        return Array((), Tensor("pi"))
    if name == "e":
        return Array((), Call("exp", ONE))
    return None


def infinity() -> Value:
    """Plus infinity: only its negative is of use."""
    return Infinity()


class Infinity:
    """np.inf and float("inf")."""


def negative_infinity() -> Array:
    """-np.inf."""
    return minus_infinity()


MOST_DIGITS = 15  # a number with as many was rounded
LARGEST_DENOMINATOR = 10_000


def constant_of(node: ast.Constant) -> Value:
    """What a constant of the source is."""
    value = node.value
    if isinstance(value, bool):
        return number(int(value), "bool")
    if isinstance(value, int):
        if value.bit_length() > 256:
            raise UnreadableError("a number with too many digits")
        return number(value)
    if isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            raise UnreadableError("a number that is too large")
        return number(_exact(value), "float")
    if value is None or value is Ellipsis or isinstance(value, str):
        return value
    raise UnreadableError(f"the constant {value!r}"[:60])


def _exact(value: float) -> Fraction | float:
    """0.1 as 1/10, as it is written, and 0.3333333333333333 as 1/3; other numbers with all digits as they are."""
    if not 1e-60 < abs(value) < 1e60:
        return value
    written = Fraction(repr(value))
    if len(str(written.numerator)) < MOST_DIGITS:
        return written
    near = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
    return near if float(near) == value else value


def known(name: str) -> bool:
    """Whether the table has a function of this name."""
    return name in ROWS


def module_attribute(module: Module, name: str) -> Any:
    """np.sum, np.linalg, np.inf, np.pi."""
    if name in ("inf", "Inf", "infty") and library_of(module.name):
        return Infinity()
    if name == "nan":
        return Unknown("no number (nan)")
    return member(module.name, name)
