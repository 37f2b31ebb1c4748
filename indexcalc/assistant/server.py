"""The MCP server: tools, resources and a prompt, on the standard streams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from indexcalc.assistant import answers, texts
from indexcalc.assistant.answers import RefusedError

Text = Annotated[str, Field(max_length=answers.LONGEST)]
SheetText = Annotated[str, Field(max_length=answers.LONGEST, description="statements, one a line: y[i] = A[i,j]*x[j]")]
Target = Annotated[str, Field(max_length=answers.LONGEST, description="an expression: diff(y[i], x[k]), or LaTeX")]
Backend = Literal["einsum", "numpy", "numba", "jax", "torch", "dask", "auto"]
Format = Literal["markdown", "latex", "rst", "notebook", "python", "sheet"]
Names = Annotated[dict[str, str] | None, Field(description="variable of the code -> tensor or size of the sheet")]
Labels = Annotated[dict[str, str] | None, Field(description="variable with whole numbers -> one-hot tensor")]
INSTRUCTIONS = (
    "indexcalc derives formulas in index notation and proves or refutes what somebody else derived. Read the resource "
    "indexcalc://language before writing a sheet. Verdicts come from the tools, never from you."
)


def answered(question: Callable[[], Any]) -> Any:
    """The answer to a question. Raises the error that the protocol has for tools, with our words."""
    try:
        return answers.answered(question)
    except RefusedError as error:
        raise ToolError(str(error)) from None


def server(version: str) -> MCPServer[Any]:
    """A server with all tools; it is started by its `run`."""
    made: MCPServer[Any] = MCPServer("indexcalc", instructions=INSTRUCTIONS, version=version, log_level="ERROR")
    _add_formulas(made)
    _add_judges(made)
    _add_code(made)
    _add_texts(made)
    return made


def _add_formulas(made: MCPServer[Any]) -> None:
    @made.tool()
    def parse(sheet: SheetText) -> dict[str, Any]:
        """What a sheet defines, of which tensors with which axes; errors point at the place with a caret."""
        return dict(answered(lambda: answers.parsed(sheet)))

    @made.tool()
    def derive(sheet: SheetText, target: Target, steps: bool = False) -> dict[str, Any]:
        """The short form of a target, usually a derivative, in ASCII and LaTeX; with steps the derivation."""
        return dict(answered(lambda: answers.derived(sheet, target, steps)))


def _add_judges(made: MCPServer[Any]) -> None:
    @made.tool()
    def equal(sheet: SheetText, left: Target, right: Target) -> dict[str, Any]:
        """The verdict on left = right, in the light of a sheet (which may be empty)."""
        return dict(answered(lambda: answers.compared(sheet, left, right)))

    @made.tool()
    def check(text: Text, format: Format | None = None) -> dict[str, Any]:
        """The verdicts on all steps of a document or a sheet; those that are wrong or open are listed."""
        return dict(answered(lambda: answers.checked(text, format)))

    @made.tool()
    def check_code(
        sheet: SheetText, target: Target, code: Text, names: Names = None, labels: Labels = None
    ) -> dict[str, Any]:
        """Whether array code (numpy, jax, torch, einops) computes a target; it is read, never run."""
        return dict(answered(lambda: answers.code_compared(sheet, target, code, names, labels)))


def _add_code(made: MCPServer[Any]) -> None:
    @made.tool()
    def generate(sheet: SheetText, targets: list[Target], backend: Backend = "numpy") -> str:
        """The source of a Python function that computes the targets; several share what they need."""
        return str(answered(lambda: answers.generated(sheet, targets, backend)))

    @made.tool()
    def verify(sheet: SheetText, target: Target, seed: Annotated[int, Field(ge=0, lt=2**32)] = 0) -> dict[str, Any]:
        """Run the generated code on random arrays and compare it with autograd and two other witnesses."""
        return dict(answered(lambda: answers.verified(sheet, target, seed)))


def _add_texts(made: MCPServer[Any]) -> None:
    @made.resource("indexcalc://language", mime_type="text/markdown")
    def language() -> str:
        """The language of sheets in one page."""
        return texts.LANGUAGE

    @made.resource("indexcalc://functions", mime_type="text/plain")
    def functions() -> str:
        """The scalar functions, each with its derivative."""
        return answers.functions()

    @made.prompt()
    def check_a_text(text: str) -> str:
        """How a text with a derivation becomes a sheet whose claims are checked."""
        return f"{texts.PROMPT}{text}"
