"""The command line: `indexcalc derive | generate | verify | check | lift | vjp`.

Results go to standard output, errors to standard error. Exit status: 0 all right; 1 a claim is refuted or a
verification failed; 2 unreadable input or wrong usage.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import indexcalc as ic
from indexcalc import lifting
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import complain, fault, prepare, read_text, remark, show, show_json, with_progress, write_text
from indexcalc.terms import Derivative
from indexcalc.walk import holds

if TYPE_CHECKING:
    from indexcalc.check.report import FileReport
    from indexcalc.errors import Span
    from indexcalc.sheet import Definition, Sheet

BACKENDS = ("einsum", "numpy", "numba", "jax", "torch", "dask", "auto")
CUSTOM = ("jax", "torch")
INTERRUPTED = 130  # the exit status of what Ctrl-C has ended
WITNESSES = ("autograd", "jax", "torch", "differences")
# ----- The arguments ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """A subcommand: its operands in the usage line, what it does, examples, and the function that runs it."""

    operands: str
    help: str
    examples: tuple[str, ...]
    run: Callable[[argparse.Namespace], int]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="indexcalc",
        description="Derive formulas in index notation, generate their code, verify and check derivations.",
        epilog="indexcalc COMMAND --help shows examples. Exit status: 0 all right; 1 a claim is refuted or a "
        "verification failed; 2 unreadable input or wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"indexcalc {ic.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    added = {name: _add(commands, name, command) for name, command in COMMANDS.items()}
    for name in ("derive", "generate", "verify"):
        added[name].add_argument(
            "-e",
            dest="statements",
            metavar="STATEMENTS",
            action="append",
            help="the sheet itself, its statements separated by ';'; may be given several times",
        )
    added["derive"].add_argument("--format", choices=("text", "latex", "markdown", "matrix", "json"), default="text")
    added["derive"].add_argument("--no-steps", action="store_true", help="print the result alone")
    added["generate"].add_argument("--backend", choices=BACKENDS, default="einsum")
    added["generate"].add_argument(
        "--sizes",
        metavar="m=150,n=4",
        type=_sizes,
        default=[],
        action="extend",
        help="the sizes to plan for, by which auto chooses",
    )
    added["generate"].add_argument(
        "--custom", choices=CUSTOM, help="jax.custom_jvp or torch.autograd.Function, with derived derivatives"
    )
    added["generate"].add_argument("--output", metavar="FILE", type=Path, help="write the code to FILE")
    added["verify"].add_argument("--against", choices=WITNESSES, default="autograd")
    added["verify"].add_argument("--seed", type=int, default=0, metavar="N", help="of the random arrays (0)")
    lifting.add_options(added["lift"])
    added["check"].add_argument("--format", choices=("text", "json"), default="text")
    added["check"].add_argument(
        "--strict", action="store_true", help="exit with status 1 also where a claim is undecided or unreadable"
    )
    added["check"].add_argument("--annotate", metavar="COPY", type=Path, help="write a copy with the verdicts in it")
    return parser


def _sizes(text: str) -> list[tuple[str, int]]:
    """m=150,n=4 as pairs."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip() and size.strip().isdecimal() for name, _, size in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} gives no sizes: write m=150,n=4")
    return [(name.strip(), int(size)) for name, _, size in pairs]


def _sizes_of(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sizes of all --sizes together."""
    found: dict[str, int] = {}
    for name, size in pairs:
        if found.setdefault(name, size) != size:
            raise IndexcalcError(f"--sizes gives {name} as {found[name]} and as {size}", "Give it once")
    return found


def _add(commands: Any, name: str, command: Command) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        help=command.help,
        usage=f"indexcalc {name} {command.operands} [options]",
        description=f"{command.help[0].upper()}{command.help[1:]}.",
        epilog="examples:\n" + "\n".join(f"  {example}" for example in command.examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    return added


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """The options; operands may stand before, between and after them."""
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    unknown = [word for word in rest if word.startswith("-") and word != "-"]
    if unknown:
        parser.error(f"unknown option: {' '.join(unknown)}")
    options.words += rest
    options.names, options.remarked = {}, set()
    return options


def _operands(options: argparse.Namespace, fewest: int, most: int) -> list[str]:
    """The words of the command, after the sheet if -e gives it."""
    words: list[str] = options.words
    inline = int(getattr(options, "statements", None) is not None)
    if not fewest - inline <= len(words) <= most - inline:
        usage = f"indexcalc {options.command} {COMMANDS[options.command].operands}"
        raise IndexcalcError(f"usage: {usage}", f"`indexcalc {options.command} --help` shows examples")
    return words


# ----- Reading ---------------------------------------------------------------------------------------------------


def _sheet_and_words(options: argparse.Namespace, fewest: int, most: int) -> tuple[str, list[str]]:
    """The text of the sheet, and the words after it. Texts get names, for the errors that stand in them."""
    words = _operands(options, fewest, most)
    if options.statements is not None:
        text = re.sub(r"(?<!\\);", "\n", "\n".join(options.statements))  # but \\; is a space in LaTeX
        options.names[text] = "-e"
    else:
        text, words = read_text(words[0]), words[1:]
        options.names[text] = options.words[0]
    options.names.update((word, "target") for word in words)
    return text, words


def _place(error: IndexcalcError, names: Mapping[str, str]) -> str:
    """The name of the text in which an error stands."""
    return f"{names[error.text]}: " if error.spans and error.text in names else ""


# ----- The commands ----------------------------------------------------------------------------------------------


def derive(options: argparse.Namespace) -> int:
    """Print the derivation of a target."""
    text, (target,) = _sheet_and_words(options, 2, 2)
    result = ic.derive(ic.parse(text), target)
    remark(result.sheet.remarks, options.remarked)
    if options.format == "json":
        show_json(result.as_json() | ({"steps": []} if options.no_steps else {}))
    else:
        show(result.render(format=options.format, steps=not options.no_steps))
    return 0


def generate(options: argparse.Namespace) -> int:
    """Print, or write to a file, the code of a target, or of several in one function."""
    text, targets = _sheet_and_words(options, 2, sys.maxsize)
    sheet = ic.parse(text)
    if options.custom:
        code = ic.custom_vjp(sheet, targets[0], inputs=targets[1:], backend=options.custom)
    else:
        result = ic.derive(sheet, targets[0] if len(targets) == 1 else targets)
        remark(result.sheet.remarks, options.remarked)
        code = result.code(backend=options.backend, sizes=_sizes_of(options.sizes))
    if options.output is None:
        show(code.rstrip("\n"), "python")
    else:
        write_text(options.output, code)
    return 0


def verify(options: argparse.Namespace) -> int:
    """Compare generated code with a witness; without a target, for all derivatives and claims of the sheet."""
    text, words = _sheet_and_words(options, 1, 2)
    sheet = ic.parse(text)
    targets = words or _derivatives(sheet)
    passed = [_verify(sheet, target, options) for target in targets]
    if not targets and not sheet.claims:
        raise IndexcalcError("The sheet has no derivative and no claim to verify", "Give a TARGET after it")
    if sheet.claims and not words:
        name = options.names[text]
        claims = ic.check(f"{text}\n" if name in ("-", "-e") else Path(name), format="sheet")
        show(claims.text())
        passed.append(claims.passed)
    return int(not all(passed))


def _verify(sheet: Sheet, target: str, options: argparse.Namespace) -> bool:
    result = ic.derive(sheet, target)
    remark(result.sheet.remarks, options.remarked)
    verification = result.verify(against=options.against, seed=options.seed)
    show(f"{target}\n{verification}")
    return bool(verification.passed)


def _derivatives(sheet: Sheet) -> list[str]:
    """The left sides of the definitions and of the claims in which a derivative stands, each once."""
    defined = [_left_side(each) for each in sheet.definitions.values() if holds(each.body, Derivative)]
    claimed = [_text(sheet, each.spans[0]) for each in sheet.claims if holds(each.sides[0], Derivative)]
    return list(dict.fromkeys((*defined, *claimed)))


def _left_side(definition: Definition) -> str:
    letters = ",".join(index.name for index in definition.axes)
    return f"{definition.name}[{letters}]" if letters else definition.name


def _text(sheet: Sheet, span: Span) -> str:
    return sheet.text[span.start : span.end].strip()


def check(options: argparse.Namespace) -> int:
    """Check every chain of equalities of some documents. A file that cannot be read does not stop the others."""
    from indexcalc.check.annotate import annotated
    from indexcalc.check.report import Report

    files: list[FileReport] = []
    failed: list[dict[str, Any]] = []
    for name in with_progress(_operands(options, 1, 1 if options.annotate else sys.maxsize)):
        try:
            files += ic.check(f"{read_text(name)}\n" if name == "-" else Path(name)).files
        except IndexcalcError as error:
            failed.append(_failed(name, str(error)))
        except Exception as error:  # a fault of ours in one file must not lose the verdicts on the others
            failed.append(_failed(name, fault(error)))
    report = Report(tuple(files))
    if options.annotate and files:
        write_text(options.annotate, annotated(files[0]))
    if options.format == "json":
        said = report.as_json()
        show_json(said | {"files": [*said["files"], *failed]})
    elif files:
        show(report.text())
    return report.status_of(options.strict) or (2 if failed else 0)


def _failed(name: str, error: str) -> dict[str, Any]:
    """What the report in JSON says of a document that cannot be read; people are told at once."""
    complain(error if name in error else f"{name}: {error}")
    return {"path": name, "claims": [], "notes": [], "error": error}


def vjp(options: argparse.Namespace) -> int:
    """Print the pullback of each operand of an einsum."""
    show("\n".join(map(str, ic.einsum_vjp(*_operands(options, 1, 1)))))
    return 0


SHEET = "(SHEET | -e STATEMENTS)"
COMMANDS = {
    "derive": Command(
        f"{SHEET} TARGET",
        "print the derivation of a target, step by step",
        (
            "indexcalc derive -e 'y[i] = A[i,j]*x[j]' 'diff(y[i], x[k])'",
            "indexcalc derive softmax.ic 'diff(a[p,q], z[r,s])' --format latex",
            "echo 'E = 1/2*x[i]*x[i]' | indexcalc derive - 'diff(E, x[k])' --format json",
        ),
        derive,
    ),
    "generate": Command(
        f"{SHEET} TARGET...",
        "print a Python function that computes a target, or several at once; with --custom OUTPUT [INPUT...] one that "
        "computes the output, with the derived backward pass for the inputs",
        (
            "indexcalc generate -e 'y[i] = A[i,j]*x[j]' 'diff(y[i], A[k,l])'",
            "indexcalc generate softmax.ic 'diff(CE, z[r,s])' --backend numpy --output gradient.py",
            "indexcalc generate softmax.ic CE 'diff(CE, w)' 'diff(CE, b)' --backend auto --sizes m=150,t=4,q=3",
            "indexcalc generate softmax.ic CE w b --custom torch --output loss.py",
        ),
        generate,
    ),
    "verify": Command(
        f"{SHEET} [TARGET]",
        "run the generated code on random arrays and compare it with a witness; without a target for every "
        "derivative and every claim of the sheet",
        (
            "indexcalc verify softmax.ic",
            "indexcalc verify -e 'y[i] = tanh(A[i,j]*x[j])' 'diff(y[i], x[k])' --against differences --seed 7",
        ),
        verify,
    ),
    "check": Command(
        "PATH...",
        "judge every step of the derivations in documents of all formats, or in those of a folder",
        (
            "indexcalc check notes.md --annotate notes-checked.md",
            "indexcalc check docs/ paper.tex lecture.ipynb --format json",
        ),
        check,
    ),
    "lift": Command("FILE", lifting.HELP, lifting.EXAMPLES, lifting.run),
    "vjp": Command(
        "SUBSCRIPTS",
        "print the pullback of each operand of an einsum",
        ("indexcalc vjp 'ijk,ip->jkp'", "indexcalc vjp 'bij,bjk,bkl->bil'"),
        vjp,
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status. Whatever happens, the user sees no traceback."""
    prepare()
    options = _parse(argv)
    try:
        status = COMMANDS[options.command].run(options)
        if sys.stdout:  # none where it is closed
            sys.stdout.flush()
    except IndexcalcError as error:
        complain(f"{_place(error, options.names)}{error}")
        return 2
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough; the interpreter must not try to flush once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last resort: what is no fault of the text is one of ours
        complain(fault(error))
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
