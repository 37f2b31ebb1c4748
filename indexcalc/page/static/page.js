"use strict";
// The page keeps what was typed in the link, asks the server, or a worker, what comes of it, and shows the latest answer only.

const get = (id) => document.getElementById(id);
const FIELDS = ["sheet", "target", "backend", "kind", "sizes", "document", "format"];
const EXAMPLES = {
  "softmax": ["a[q] = exp(z[q]) / sum[k](exp(z[k]))", "diff(a[q], z[s])"],
  "cross entropy": ["index p, r : m\nz[p,q] = b[q] + x[p,t]*w[t,q]\na[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))\n" +
    "CE = -1/m * sum[p,q](y[p,q]*log(a[p,q]))", "diff(CE, w[t,s])"],
  "least squares": ["tensor X[i,j], w[j], y[i]\nL = norm(X @ w - y)^2", "diff(L, w)"],
  "Gaussian likelihood": ["tensor S[i,j], d[j]\nsymmetric S\nL = logdet(S) + d @ inv(S) @ d", "diff(L, S)"],
  "Hessian": ["L = sum[i](log(1 + exp(-y[i]*x[i,j]*w[j])))", "diff(L, w[j], w[k])"],
};
const BACKENDS = ["einsum", "numpy", "numba", "jax", "torch", "dask"];

async function askServer(kind, question) {
  const reply = await fetch(`api/${kind}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question),
  });
  return reply.json();
}

// Without a server a worker answers, one question after the other; one that takes too long ends with the worker.

const LONGEST = 15_000;  // milliseconds of an answer
let worker = null, asked = null, waiting = [];

function newWorker() {
  const made = new Worker("worker.mjs", { type: "module" });
  loading(made, true);
  made.onmessage = ({ data }) => {
    if (data === "loading" || data === "ready") loading(made, data === "loading"); else answered(data);
    next();
  };
  made.onerror = () => {
    loading(made, false);
    answered({ error: "The worker of this page could not be started.", where: "", places: [] });
  };
  return made;
}

function loading(which, is) {
  which.isLoading = is;
  get("loading").hidden = !is;
  if (asked) is ? clearTimeout(asked.clock) : limit();
}

function limit() {
  asked.clock = setTimeout(() => {
    worker.terminate();
    worker = newWorker();
    answered({ error: `This takes more than ${LONGEST / 1000} s. The command has no such limit.`, where: "", places: [] });
  }, LONGEST);
}

function answered(found) {
  if (!asked) return;
  clearTimeout(asked.clock);
  asked.resolve(found);
  asked = null;
}

function next() {
  if (asked || worker.isLoading || !waiting.length) return;
  asked = waiting.shift();
  limit();
  worker.postMessage([asked.kind, asked.question]);
}

function askWorker(kind, question) {
  worker ??= newWorker();
  waiting = waiting.filter((each) => each.kind !== kind);  // nobody waits for the answer to what has changed since
  return new Promise((resolve) => { waiting.push({ kind, question, resolve }); next(); });
}

const ask = document.documentElement.dataset.answers === "worker" ? askWorker : askServer;

// ----- The link ---------------------------------------------------------------------------------------------------

function state() {
  const found = { tab: get("check").hidden ? "derive" : "check" };
  for (const name of FIELDS) if (get(name).value) found[name] = get(name).value;
  return found;
}

function encoded(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_");
}

function decoded(text) {
  try {
    const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const value = JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (each) => each.charCodeAt(0))));
    return value && typeof value === "object" ? value : {};
  } catch { return {}; }
}

function remember() { history.replaceState(null, "", `#${encoded(state())}`); }

function restore() {
  const found = decoded(location.hash.slice(1));
  for (const name of FIELDS) if (typeof found[name] === "string") get(name).value = found[name];
  if (!get("sheet").value && !get("document").value) choose("softmax");
  select(found.tab === "check" ? "check" : "derive");
}

// ----- Marks behind the text --------------------------------------------------------------------------------------

function mark(name, places) {
  const area = get(name), behind = document.querySelector(`[data-for=${name}]`);
  const letters = Array.from(area.value);  // places count letters, not units of UTF-16
  behind.replaceChildren();
  let done = 0;
  for (const [start, end, kind] of [...places].sort((a, b) => a[0] - b[0])) {
    if (start < done) continue;
    behind.append(letters.slice(done, start).join(""));
    const stretch = document.createElement("mark");
    stretch.className = kind || "";
    stretch.textContent = letters.slice(start, Math.max(end, start + 1)).join("") || " ";
    behind.append(stretch);
    done = Math.max(end, start + 1);
  }
  behind.append(`${letters.slice(done).join("")}\n`);
  behind.scrollTop = area.scrollTop;
}

// ----- Derive -----------------------------------------------------------------------------------------------------

let turn = 0;

function question() {
  return { sheet: get("sheet").value, target: get("target").value, backend: get("backend").value,
    kind: get("kind").value, sizes: get("sizes").value };
}

async function derive() {
  const mine = ++turn;
  remember();
  const found = await ask("derive", question()).catch(() => ({ error: "The server does not answer.", places: [] }));
  if (mine !== turn) return;
  const failed = "error" in found;
  get("error").hidden = !failed;
  get("error").textContent = failed ? found.error : (found.remarks || []).join("\n");
  if (!failed && found.remarks.length) get("error").hidden = false;
  for (const name of ["sheet", "target"]) mark(name, failed && found.where === name ? found.places : []);
  for (const name of ["result", "steps"]) get(name).classList.toggle("old", failed);
  if (failed) return;
  get("plain").hidden = false;
  get("result").innerHTML = found.typeset;
  get("text").textContent = found.result;
  get("latex").textContent = found.latex;
  get("steps").innerHTML = found.steps.map(chain).join("");
  get("matrix-part").hidden = !found.matrix;
  get("matrix").innerHTML = found.matrix ? `${found.matrix.typeset} <code></code>` : "";
  if (found.matrix) get("matrix").querySelector("code").textContent = found.matrix.text;
  offer(found.targets);
  more();
}

function chain(steps) {
  const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const rows = steps.map((step, number) => `<tr><td>${number ? "=" : ""}</td><td>${step.typeset}</td>` +
    `<td class="why">${escape(step.reason)}</td></tr>`);
  return `<table>${rows.join("")}</table>`;
}

function offer(targets) {
  get("targets").replaceChildren(...targets.map((target) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = target;
    button.addEventListener("click", () => { get("target").value = target; derive(); });
    return button;
  }));
}

const PARTS = {
  code: (found) => { get("code").textContent = found.code; },
  verify: (found) => { get("verify").innerHTML = found.typeset; },
  picture: (found) => { get("picture").innerHTML = found.svg; },
};

function more() { for (const name of Object.keys(PARTS)) if (get(`${name}-part`).open) part(name); }

async function part(name) {
  const mine = turn;
  const found = await ask(name, question()).catch(() => ({ error: "The server does not answer." }));
  if (mine !== turn) return;
  if ("error" in found) get(name).textContent = found.error; else PARTS[name](found);
}

function choose(name) { [get("sheet").value, get("target").value] = EXAMPLES[name]; }

// ----- Check ------------------------------------------------------------------------------------------------------

async function check() {
  const mine = ++turn;
  remember();
  const text = get("document").value;
  const found = text.trim() ? await ask("check", { text, format: get("format").value })
    .catch(() => ({ error: "The server does not answer." })) : { claims: [], counts: {}, mistakes: [] };
  if (mine !== turn) return;
  if ("error" in found) { get("counts").textContent = found.error; return; }
  const words = Object.entries(found.counts).map(([verdict, number]) => `${number} ${verdict}`);
  get("counts").textContent = [words.join(", ") || "no steps found", ...found.mistakes].join("; ");
  const kinds = { refuted: "", undecided: "open", unreadable: "open", proved: "right", agrees: "right" };
  mark("document", found.claims.filter((each) => each.verdict in kinds)
    .map((each) => [...each.place, kinds[each.verdict]]));
  get("claims").replaceChildren(...found.claims.map((each) => claim(each, text)));
}

function claim(each, text) {
  const item = document.createElement("li");
  const formula = document.createElement("div");
  formula.innerHTML = each.typeset;
  const reason = document.createElement("div");
  reason.className = "reason";
  reason.textContent = `line ${each.line}: ${each.reason}`;
  item.append(formula, reason);
  if (each.fix) {
    const button = document.createElement("button");
    button.type = "button";
    button.innerHTML = `Write ${each.fix_typeset}`;
    button.addEventListener("click", () => {
      const letters = Array.from(text);
      letters.splice(each.fix[0], each.fix[1] - each.fix[0], each.fix[2]);
      get("document").value = letters.join("");
      check();
    });
    item.append(button);
  }
  return item;
}

// ----- Tabs, buttons, typing --------------------------------------------------------------------------------------

function select(name) {
  for (const each of ["derive", "check"]) {
    get(each).hidden = each !== name;
    get(`tab-${each}`).setAttribute("aria-selected", String(each === name));
    get(`tab-${each}`).tabIndex = each === name ? 0 : -1;
  }
  (name === "derive" ? derive : check)();
}

function soon(work, pause) {
  let waiting = 0;
  return () => { clearTimeout(waiting); waiting = setTimeout(work, pause); };
}

function start() {
  for (const name of BACKENDS) get("backend").append(new Option(name));
  for (const name of Object.keys(EXAMPLES)) get("example").append(new Option(name));
  for (const name of ["derive", "check"]) {
    get(`tab-${name}`).addEventListener("click", () => select(name));
    get(`tab-${name}`).addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const other = name === "derive" ? "check" : "derive";
      select(other);
      get(`tab-${other}`).focus();
    });
  }
  for (const name of ["sheet", "target"]) get(name).addEventListener("input", soon(derive, 80));
  get("document").addEventListener("input", soon(check, 300));
  get("format").addEventListener("change", check);
  for (const name of ["backend", "kind", "sizes"]) get(name).addEventListener("change", () => { remember(); more(); });
  for (const name of Object.keys(PARTS)) {
    get(`${name}-part`).addEventListener("toggle", () => { if (get(`${name}-part`).open) part(name); });
  }
  get("example").addEventListener("change", () => { choose(get("example").value); derive(); });
  for (const name of ["sheet", "document"]) {
    get(name).addEventListener("scroll", () => {
      document.querySelector(`[data-for=${name}]`).scrollTop = get(name).scrollTop;
    });
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copied(button, get(button.dataset.copy).textContent));
  }
  get("share").addEventListener("click", () => { remember(); copied(get("share"), location.href); });
  addEventListener("hashchange", restore);
  restore();
}

async function copied(button, text) {
  const words = button.textContent;
  await navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }, () => { button.textContent = "Not copied"; });
  setTimeout(() => { button.textContent = words; }, 1200);
}

start();
