"""The server of the page: what it sends, what it refuses, what it does with a question that takes too long."""

import http.client
import json
import random
import re
import subprocess
import sys
import threading
from base64 import urlsafe_b64encode

import pytest

pytest.importorskip("latex2mathml")

from indexcalc.cli import main
from indexcalc.page.server import LONGEST, PageServer
from indexcalc.page.workers import Workers
from page.browser import CHROMIUM, Browser

SOFTMAX = {"sheet": "a[q] = exp(z[q]) / sum[k](exp(z[k]))", "target": "diff(a[q], z[s])"}
BOMB = {"sheet": "y = (((((a+b+c+d+e+f+g)^9+h)^9+x)^9)^9+x)^9", "target": "diff(y,x,x,x)"}


@pytest.fixture(scope="module")
def server():
    """A server with two processes; a machine under load may take its time."""
    workers = Workers(2, longest=20)
    made = PageServer("127.0.0.1", 0, workers)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()
    workers.end()


def send(server, method, path, body=None, **headers):
    """The status, the headers and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=90)
    try:
        connection.request(method, path, body, headers={key.replace("_", "-"): each for key, each in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def ask(server, kind, question, **headers):
    body = question if isinstance(question, bytes) else json.dumps(question).encode()
    status, _, body = send(server, "POST", f"/api/{kind}", body, **({"Content_Type": "application/json"} | headers))
    return status, json.loads(body)


def test_the_page_asks_for_nothing_from_elsewhere(server):
    for path, kind in (("/", "text/html"), ("/page.js", "text/javascript"), ("/page.css", "text/css")):
        status, headers, body = send(server, "GET", path)
        assert status == 200 and headers["Content-Type"].startswith(kind)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert b"http:" not in body and b"https:" not in body


def test_an_answer(server):
    status, found = ask(server, "derive", SOFTMAX)
    assert (status, found["result"]) == (200, "a[q]*(delta[q,s] - a[s])")


@pytest.mark.parametrize(
    "method, path, headers, status",
    [
        ("GET", "/../../etc/passwd", {}, 404),
        ("GET", "/static/page.js", {}, 404),
        ("GET", "/", {"Host": "evil.example"}, 403),
        ("POST", "/api/derive", {"Host": "evil.example", "Content_Type": "application/json"}, 403),
        ("POST", "/api/derive", {"Origin": "http://evil.example", "Content_Type": "application/json"}, 403),
        ("POST", "/api/derive", {"Origin": "null", "Content_Type": "application/json"}, 403),
        ("POST", "/api/nothing", {"Content_Type": "application/json"}, 404),
        ("POST", "/derive", {"Content_Type": "application/json"}, 404),
        ("POST", "/api/derive", {"Content_Type": "text/plain"}, 415),
        ("POST", "/api/derive", {"Content_Type": "application/json", "Content_Length": "x"}, 413),
        ("POST", "/api/derive", {"Content_Type": "application/json", "Content_Length": str(LONGEST + 1)}, 413),
        ("PUT", "/", {}, 501),
    ],
)
def test_what_is_refused(server, method, path, headers, status):
    found, _, body = send(server, method, path, b"{}" if method == "POST" else None, **headers)
    assert found == status and b"Traceback" not in body


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_no_question(server, body):
    assert ask(server, "derive", body) == (400, {"error": "a question is a JSON object"})


def test_a_question_that_takes_too_long_stops_no_other():
    workers = Workers(1, longest=20)
    try:
        assert "result" in workers.ask("derive", SOFTMAX)
        workers.longest = 0.3
        said = workers.ask("derive", BOMB)["error"]
        assert said == (
            "this takes more than 0.3 s or too much memory. The command has no such limit: indexcalc derive."
        )
        workers.longest = 20
        assert workers.ask("derive", SOFTMAX)["result"] == "a[q]*(delta[q,s] - a[s])"
    finally:
        workers.end()


def test_random_questions(server):
    """Whatever is sent, there is an answer or a clear error."""
    chance = random.Random(11)
    pieces = "y[i] = x[i] A[i,j] * x[j] diff( , ) [ ] ^ sum[k]( check \\frac{a}{b} $$ 1 0 <script> __import__('os') \0"
    pieces = pieces.split(" ")

    def value():
        text = " ".join(chance.choices(pieces, k=chance.randint(0, 10)))
        return chance.choice([text, text, text, SOFTMAX["sheet"], f"$${text}$$\n", 7, None, [text]])

    names = "sheet target text backend kind sizes format wrong".split()
    for _ in range(200):
        question = {name: value() for name in chance.sample(names, chance.randint(0, 5))}
        status, found = ask(server, chance.choice(["derive", "code", "verify", "picture", "check"]), question)
        assert status == 200
        assert "Traceback" not in json.dumps(found) and "a fault in indexcalc" not in found.get("error", ""), question
        assert "<script" not in json.dumps([found.get("typeset"), found.get("steps"), found.get("claims")])


# ----- In a browser -----------------------------------------------------------------------------------------------


def shown(server, **state):
    """What a browser makes of the page, with some fields in the link."""
    link = urlsafe_b64encode(json.dumps(state).encode()).decode()
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom"]
    command = [CHROMIUM, *options, f"http://127.0.0.1:{server.server_port}/#{link}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=180).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_a_browser_shows_the_result_that_the_link_holds(server):
    text = shown(server, tab="derive", **SOFTMAX)
    assert re.search(r'<code id="text">a\[q\]\*\(delta\[q,s\] - a\[s\]\)</code>', text)
    assert text.count('<td class="why">') == 7 and "quotient rule, chain rule" in text


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_a_browser_marks_what_an_error_speaks_of(server):
    text = shown(server, tab="derive", sheet="y[i] = A[i,j*x[j]", target="y")
    assert '<mark class="">[</mark>' in text and "this [ is never closed." in text


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_a_browser_shows_verdicts_beside_formulas(server):
    formula = "$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = 3 x_k $$\n"
    text = shown(server, tab="check", document=f"<script>alert(1)</script>\n\n{formula}")
    assert '<p id="counts" role="status" aria-live="polite">1 refuted</p>' in text
    assert "<script>alert" not in text and "Write <math" in text


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_a_person_clicks_and_types(server, tmp_path):
    with Browser(tmp_path) as browser:
        browser.open(f"http://127.0.0.1:{server.server_port}/")
        result = "document.querySelector('#text').textContent"
        browser.wait(f"document.querySelector('#text') && {result} === 'a[q]*(delta[q,s] - a[s])'")
        browser.value("document.querySelector('#example').value = 'least squares'")
        browser.value("document.querySelector('#example').dispatchEvent(new Event('change'))")
        browser.wait("document.querySelector('#matrix code')?.textContent === '2*X.T @ (X @ w - y)'")
        browser.click("#matrix-part summary")
        browser.wait("document.querySelectorAll('#targets button').length === 3")
        browser.click("#targets button:nth-child(1)")
        browser.wait("document.querySelector('#target').value === 'diff(L, X)'")
        browser.click("#verify-part summary")
        browser.wait("document.querySelector('#verify').innerText.includes('autograd')")
        browser.click("#picture-part summary")
        browser.wait("document.querySelector('#picture svg')")
        browser.write("#target", "diff(L, w")
        browser.wait("document.querySelector('[data-for=target] mark')?.textContent === '('")
        assert browser.value("document.querySelector('#result').classList.contains('old')")
        link = browser.value("location.href")
        browser.value("document.querySelector('#tab-derive').focus()")
        browser.key("ArrowRight")
        browser.wait("!document.querySelector('#check').hidden")
        browser.write("#document", "$$ \\frac{\\partial (x_i x_i)}{\\partial x_k} = 3 x_k $$\n")
        browser.wait("document.querySelector('#counts').textContent === '1 refuted'")
        browser.click("#claims button")
        browser.wait("document.querySelector('#counts').textContent === '1 proved'")
        assert "= 3 x_k $$" not in browser.value("document.querySelector('#document').value")
        browser.open("about:blank")
        browser.open(link)
        browser.wait("document.querySelector('#target')?.value === 'diff(L, w'")
        assert browser.errors() == []


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_nothing_is_cut_off_on_a_telephone(server, tmp_path):
    with Browser(tmp_path, width=380, height=760, dark=True) as browser:
        browser.open(f"http://127.0.0.1:{server.server_port}/")
        browser.wait("document.querySelector('#text')?.textContent")
        assert browser.value("document.documentElement.scrollWidth <= innerWidth")


# ----- The command ------------------------------------------------------------------------------------------------


def test_the_command(monkeypatch, capsys):
    process = subprocess.Popen([sys.executable, "-m", "indexcalc", "serve", "--port", "0"], stdout=subprocess.PIPE)
    try:
        line = process.stdout.readline().decode()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)\n", line)
        process.send_signal(2)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
    from indexcalc.cli import extras

    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    assert main(["serve"]) == 2
    assert capsys.readouterr().err == (
        "indexcalc: the page needs latex2mathml. Install it with: pip install 'indexcalc[serve]'.\n"
    )


def test_a_port_that_is_taken(server, capsys):
    assert main(["serve", "--port", str(server.server_port)]) == 2
    said = capsys.readouterr().err
    assert said == (
        f"indexcalc: 127.0.0.1:{server.server_port} cannot be served: Address already in use. Try --port 0.\n"
    )
