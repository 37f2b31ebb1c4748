"""Unknown functions: those that a sheet declares, and those that it calls without a word."""

from __future__ import annotations

from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.survey import Survey
from indexcalc.notation.syntax.names import CALLED, RESERVED, check_name
from indexcalc.notation.syntax.places import Place, Syntax, error_at, place_of


def check_declared(tree: Syntax, text: str, survey: Survey) -> None:
    """Refuse a declaration of functions whose names have a meaning already."""
    for token in tree.children:
        name, place = str(token), place_of(token, text)
        check_name(name, place)
        if name in RESERVED or name in CALLED:
            raise error_at(f"{name} has a meaning already", "Declare unknown functions by other names", place)
        if survey.is_factor(name):
            other = survey.sizes.get(name) or survey.uses[name][1]
            raise error_at(f"{name} is declared as a function, and is none here", f"Write {name}(...)", other, place)


def undeclared(survey: Survey) -> tuple[IndexcalcError, ...]:
    """What to remark on names before brackets that no function of the language has, at the first bracket of each."""
    places: dict[str, Place] = {}
    for name, place in survey.called.items():
        if name not in RESERVED and name not in CALLED and not survey.is_factor(name):
            places.setdefault(name.rstrip("'"), place)
    return tuple(
        error_at(f"{name} is taken for an unknown function", f"Say so with function {name}", place)
        for name, place in places.items()
        if name not in survey.declared
    )
