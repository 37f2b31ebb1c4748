"""What is installed only where it is wanted: a clear word where a package is missing."""

from __future__ import annotations

from importlib.util import find_spec

from indexcalc.errors import IndexcalcError


def need(packages: tuple[str, ...], extra: str, what: str) -> None:
    """Raise IndexcalcError if one of some packages is not installed, with the line that installs it."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        names = " and ".join(missing)
        raise IndexcalcError(f"{what} needs {names}", f"Install it with: pip install 'indexcalc[{extra}]'")
