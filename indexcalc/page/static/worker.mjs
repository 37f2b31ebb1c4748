// Answers the questions of the page in Python compiled to WebAssembly. A message is [kind, question], the reply the answer;
// "loading" and "ready" say when time is taken by what is loaded once.

import { loadPyodide } from "./pyodide.mjs";

const PACKAGES = "/packages";
const ANSWER = `
import json
from indexcalc.page.answers import answer
from indexcalc.terminal import fault

def replied(kind, text):
    try:
        found = answer(kind, json.loads(text))
    except Exception as error:  # the page says so, as the command would
        found = {"error": fault(error), "where": "", "places": []}
    return json.dumps(found)

replied
`;

async function unpack(python, name) {
  const reply = await fetch(new URL(name, import.meta.url));
  if (!reply.ok) throw new Error(`${name} was not found`);
  python.unpackArchive(await reply.arrayBuffer(), "zip", { extractDir: PACKAGES });
}

async function start() {
  const settings = await (await fetch(new URL("settings.json", import.meta.url))).json();
  const python = await loadPyodide({ indexURL: new URL(".", import.meta.url).href });
  if (settings.numpy) await python.loadPackage("numpy");
  await unpack(python, "first.zip");
  python.runPython(`import sys; sys.path.append("${PACKAGES}"); from indexcalc.page.absent import stand_in; stand_in()`);
  return [python, python.runPython(ANSWER)];
}

const ready = start();

// What only some questions need is loaded for the first of them.
let proofs = null;
const NEED_PROOFS = new Set(["check", "verify"]);

async function loadProofs(python) {
  postMessage("loading");
  await unpack(python, "proofs.zip");
  python.runPython("import sympy, indexcalc.editor.findings");
  postMessage("ready");
}

onmessage = async ({ data: [kind, question] }) => {
  try {
    const [python, replied] = await ready;
    if (NEED_PROOFS.has(kind)) await (proofs ??= loadProofs(python));
    postMessage(JSON.parse(replied(kind, JSON.stringify(question))));
  } catch (error) {
    postMessage({ error: `Python could not be started here: ${error.message}`, where: "", places: [] });
  }
};

ready.then(() => postMessage("ready"), () => postMessage("ready"));  // why not is said to the first question
