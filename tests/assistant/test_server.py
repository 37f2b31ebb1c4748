"""The server for assistants, asked by the client of the official package over pipes."""

import asyncio
import json
import random
import sys

import pytest

pytest.importorskip("mcp")

from mcp import Client, StdioServerParameters

from indexcalc.cli import main

pytestmark = pytest.mark.filterwarnings("ignore")
SOFTMAX = "a[q] = exp(z[q]) / sum[k](exp(z[k]))"
TOOLS = ["parse", "derive", "equal", "check", "check_code", "generate", "verify"]


def session(work):
    """Run some work with a client that talks to the command."""

    async def run():
        parameters = StdioServerParameters(command=sys.executable, args=["-m", "indexcalc", "mcp"])
        async with Client(parameters) as client:
            await work(client)

    asyncio.run(asyncio.wait_for(run(), 120))


async def ask(client, tool, **arguments):
    """The answer of a tool: its value, or the words of its error."""
    found = await client.call_tool(tool, arguments)
    words = found.content[0].text if found.content else ""
    if found.is_error:
        return words
    return found.structured_content if found.structured_content is not None else json.loads(words)


def test_tools_resources_and_prompt():
    async def work(client):
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == TOOLS
        assert all(tool.description for tool in tools)
        schema = {tool.name: tool.input_schema for tool in tools}
        assert schema["derive"]["required"] == ["sheet", "target"]
        assert schema["generate"]["properties"]["backend"]["enum"][:2] == ["einsum", "numpy"]
        uris = [str(each.uri) for each in (await client.list_resources()).resources]
        assert uris == ["indexcalc://language", "indexcalc://functions"]
        language = (await client.read_resource("indexcalc://language")).contents[0].text
        assert "index p, r : m" in language
        functions = (await client.read_resource("indexcalc://functions")).contents[0].text
        assert "tanh: 1 - tanh(x)^2" in functions
        prompt = await client.get_prompt("check_a_text", {"text": "Let y = Ax."})
        assert prompt.messages[0].content.text.endswith("Let y = Ax.")

    session(work)


def test_answers():
    async def work(client):
        found = await ask(client, "parse", sheet=SOFTMAX)
        assert found["given"].keys() == {"z"} and found["definitions"].keys() == {"a"}
        found = await ask(client, "derive", sheet=SOFTMAX, target="diff(a[q], z[s])")
        assert found["result"] == "a[q]*(delta[q,s] - a[s])" and "steps" not in found
        found = await ask(client, "derive", sheet=SOFTMAX, target="diff(a[q], z[s])", steps=True)
        assert [step["rule"] for step in found["steps"]][1] == "substitute"
        found = await ask(client, "equal", sheet="y[i] = 2*x[i]", left="y[i]", right="x[i]")
        assert found["verdict"] == "refuted" and found["counterexample"]["element"] == {"i": 1}
        found = await ask(client, "check", text="x[i] = 2*y[i]\ncheck x[i] = 3*y[i]", format="sheet")
        assert found["counts"]["refuted"] == 1 and found["wrong_or_open"][0]["line"] == 2
        found = await ask(
            client, "check_code", sheet="L = sum[i](x[i]^2)", target="diff(L, x[k])", code="2*v", names={"v": "x"}
        )
        assert found["verdict"] == "proved"
        found = await ask(client, "generate", sheet=SOFTMAX, targets=["a", "diff(a, z)"], backend="einsum")
        assert "def " in found["result"]
        found = await ask(client, "verify", sheet=SOFTMAX, target="diff(a, z)")
        assert found["passed"] and len(found["witnesses"]) == 3

    session(work)


def test_errors_say_what_to_write():
    async def work(client):
        said = await ask(client, "derive", sheet="y[i] = A[i,j*x[j]", target="y")
        assert "line 1, column 9: this [ is never closed." in said and "\n            ^\nClose it with ]." in said
        assert "there is no target" in await ask(client, "generate", sheet="y = x", targets=[])
        assert "Input should be" in await ask(client, "generate", sheet="y = x", targets=["y"], backend="fortran")
        assert "50000" in await ask(client, "derive", sheet="y = x\n" * 20_000, target="y")

    session(work)


def test_random_messages():
    """Whatever an assistant sends, there is an answer or an error, and the server goes on."""
    chance = random.Random(3)
    pieces = "y[i] = x[i] A[i,j] * x[j] diff( , ) [ ] ^ sum[k]( check \\frac{a}{b} $$ 1 0 -e -- __import__('os') \0"
    pieces = [*pieces.split(" "), "\n"]

    def value():
        text = "".join(chance.choices(pieces, k=chance.randint(0, 12)))
        return chance.choice([text, text, text, SOFTMAX, 7, None, [text], {"a": text}, True])

    async def work(client):
        names = "sheet target text left right code targets steps seed names format wrong".split()
        for _ in range(250):
            arguments = {name: value() for name in chance.sample(names, chance.randint(0, 5))}
            found = await client.call_tool(chance.choice(TOOLS), arguments)
            assert found.content is not None
            assert "Traceback" not in "".join(each.text for each in found.content)
        assert (await ask(client, "equal", sheet="", left="x + x", right="2*x"))["verdict"] == "proved"

    session(work)


def test_the_package_that_it_needs(monkeypatch, capsys):
    from indexcalc.cli import extras

    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    assert main(["mcp"]) == 2
    assert capsys.readouterr().err == (
        "indexcalc: the server for assistants needs mcp. Install it with: pip install 'indexcalc[mcp]'.\n"
    )
