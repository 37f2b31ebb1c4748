"""A real browser, driven as a person would: it opens a page, clicks, types, looks. Chromium's protocol over pipes."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

# The protocol is spoken on 3 and 4. Not set between fork and exec: JAX, where a test has loaded it, runs threads.
PIPES = """
import fcntl, os, sys
read, write = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3]]  # 10: of 3 and 4 neither
os.dup2(read, 3)
os.dup2(write, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One window; what is asked of it is evaluated in its page."""

    def __init__(self, folder, width=1200, height=900, dark=False):
        ours, theirs = os.pipe(), os.pipe()
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--hide-scrollbars"]
        options += [f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank"]

        ends = (ours[0], theirs[1])
        command = [sys.executable, "-c", PIPES, *map(str, ends), CHROMIUM, *options]
        self.process = subprocess.Popen(
            command, pass_fds=ends, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(ours[0])
        os.close(theirs[1])
        self.output, self.input = os.fdopen(ours[1], "wb", 0), os.fdopen(theirs[0], "rb", 0)
        self.number, self.left, self.session, self.said = 0, b"", None, []
        target = next(t for t in self.send("Target.getTargets")["targetInfos"] if t["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for each in ("Page", "Runtime", "Log"):
            self.send(f"{each}.enable")
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        if dark:
            features = [{"name": "prefers-color-scheme", "value": "dark"}]
            self.send("Emulation.setEmulatedMedia", features=features)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.kill()
        self.process.wait()
        self.output.close()
        self.input.close()

    def send(self, method, **parameters):
        """The answer to a command; events before it are kept in `said`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.output.write(json.dumps(message).encode() + b"\0")
        while True:
            found = self._received()
            if found.get("id") == self.number:
                assert "error" not in found, found
                return found["result"]
            self.said.append(found)

    def _received(self):
        while b"\0" not in self.left:
            more = self.input.read(1 << 16)
            assert more, "the browser ended"
            self.left += more
        message, _, self.left = self.left.partition(b"\0")
        return json.loads(message)

    def open(self, address):
        self.send("Page.navigate", url=address)

    def value(self, expression):
        """What a JavaScript expression gives."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, expression, seconds=60):
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.value(f"!!({expression})"):
            assert time.monotonic() < end, f"never true: {expression}\n{self.value('document.body.innerText')}"
            time.sleep(0.05)

    def text(self, selector):
        """The text that a person sees in an element."""
        return self.value(f"document.querySelector({json.dumps(selector)}).innerText")

    def click(self, selector):
        """Click in the middle of an element."""
        element = f"document.querySelector({json.dumps(selector)})"
        self.value(f"{element}.scrollIntoView({{block: 'center'}})")
        box = f"{element}.getBoundingClientRect()"
        x, y = self.value(f"(() => {{ const b = {box}; return [b.x + b.width / 2, b.y + b.height / 2]; }})()")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def write(self, selector, text):
        """Type over what an element holds."""
        self.value(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.focus(); e.select(); }})()")
        self.send("Input.insertText", text=text)

    def key(self, name):
        """Press a key that writes nothing."""
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=name, code=name)

    def errors(self):
        """What the page complained of."""
        found = [e["params"] for e in self.said if e.get("method") == "Runtime.exceptionThrown"]
        logged = [e["params"]["entry"] for e in self.said if e.get("method") == "Log.entryAdded"]
        errors = [each for each in logged if each["level"] == "error" and "favicon" not in each.get("url", "")]
        return [*found, *errors]

    def picture(self, path):
        """A screenshot."""
        Path(path).write_bytes(base64.b64decode(self.send("Page.captureScreenshot")["data"]))
