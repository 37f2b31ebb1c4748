"""What the code looks like: it must be what an expert would write by hand."""

import re
import subprocess
import sys
import textwrap

import pytest

from indexcalc import codegen
from tests.codegen.elementwise import read

SOFTMAX = "index p, r : m\nindex q, s, k : n\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"


def source(sheet, text, axes, backend="einsum", **options):
    reading = read(sheet, text, axes)
    return codegen.generate(reading.term, reading.axes, reading.sheet, backend, **options)


def body(text):
    """The statements after the docstring and the check of the arguments (`writing/test_checking.py`)."""
    text = re.split(r"\n\n\ndef check", text)[0]
    statements = textwrap.dedent(text.rpartition('"""\n')[2]).strip()
    statements = re.sub(r"\A\w+ = check_size\(.*\n", "", statements)
    return re.sub(r"\A[^=]* = checked\((.*|\n(    .*\n)*)\)(\n|\Z)", "", statements).splitlines()


def test_a_whole_function():
    text = source(SOFTMAX, "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "pqrs", name="softmax_jacobian", label="da_dz")
    assert text.startswith("import math\nimport mmap\n\nimport numpy as np\n\n\ndef zeros(shape, dtype=float):\n")
    assert text[text.index("def softmax_jacobian") : text.index("\n\ndef checked")] == textwrap.dedent('''\
        def softmax_jacobian(z):
            """da_dz[p,q,r,s] = a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])

            z: array of shape (m, n)
            Returns an array with axes [p,q,r,s], of shape (m, n, m, n).
            """
            (z,) = checked(z=(z, "m n>=1"))
            m, n = z.shape
            # a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
            a = np.exp(z - z.max(axis=1, keepdims=True))
            a /= a.sum(axis=1, keepdims=True)
            out = zeros((m, n, m, n), dtype=z.dtype)
            np.einsum('pqps->pqs', out)[...] = -np.einsum('pq,ps->pqs', a, a)
            np.einsum('pqpq->pq', out)[...] += a
            return out
        ''')


def test_a_compressed_function_says_what_it_returns():
    text = source(SOFTMAX, "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "pqrs", structure="compressed")
    assert "Returns an array with axes [p,q,s], the part of [p,q,r,s] at [p,q,p,s]." in text
    assert body(text)[3:] == [
        "out = -np.einsum('pq,ps->pqs', a, a)",
        "np.einsum('pqq->pq', out)[...] += a",
        "return out",
    ]


EINSUM = [
    ("index p : m", "-y[p,q]/(m*a[p,q])", "pq", ["m = y.shape[0]", "return -y / (m * a)"]),
    ("", "sum[r](x[r,t]*(a[r,u] - y[r,u]))/c", "tu", ["return np.einsum('rt,ru->tu', x, a - y) / c"]),
    ("index s : n", "delta[s,t]", "st", ["return np.eye(n)"]),
    ("", "A[i,p]*B[q,i]", "pq", ["return np.einsum('ip,qi->pq', A, B)"]),
    ("", "(A[p,j] + A[j,p])*x[j]", "p", ["return np.einsum('jp,j->p', A + A.T, x)"]),
    ("", "b[q] + x[p,t]*w[t,q]", "pq", ["return b + np.einsum('pt,tq->pq', x, w)"]),
    ("", "a[i]*(1 - a[i])", "i", ["return a * (1 - a)"]),
    ("", "0.5*x[i] - y[i]/3 + 1.5*z[i]", "i", ["return x / 2 + 1.5 * z - y / 3"]),
    ("", "A[i,j]*B[j,k]*C[k,l]", "il", ["return np.einsum('ij,jk,kl->il', A, B, C, optimize=True)"]),
    ("", "1[x[i] > 0]*y[i]", "i", ["return (x > 0) * y"]),
    ("", "where(x[i] > 0, x[i], c)", "i", ["return np.where(x > 0, x, c)"]),
    ("", "(1 - delta[i,j])*A[i,j]", "ij", ["out = A.copy()", "np.einsum('ii->i', out)[...] = 0", "return out"]),
    ("index i : n", "x[i]/sqrt(n)", "i", ["n = x.shape[0]", "return x / n**0.5"]),
    ("index i : 3", "x[i]/sqrt(2)", "i", ["return x / 2**0.5"]),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "text", "axes", "expected"), EINSUM)
def test_einsum(sheet, text, axes, expected):
    assert body(source(sheet, text, axes)) == expected


NUMPY = [
    ("", "A[i,p]*B[q,i]", "pq", ["return A.T @ B.T"]),
    ("", "A[i,j]*B[j,k]*x[k]", "i", ["return A @ (B @ x)"]),
    ("", "x[i]*A[i,j]*y[j]", "", ["return x @ (A @ y)"]),
    ("", "A[b,i,j]*B[b,j,k]", "bik", ["return A @ B"]),
    ("", "A[i,j]*B[i,j]", "", ["return np.vdot(A, B)"]),
    ("", "x[i]*y[j]", "ij", ["return x[:, None] * y"]),
    ("", "sum[i](A[i,j])", "j", ["return A.sum(axis=0)"]),
    ("index r : m", "1/m*sum[r](x[r,t]*(a[r,u] - y[r,u]))", "tu", ["m = x.shape[0]", "return x.T @ (a - y) / m"]),
    ("", "s[i]*x[i,t]*x[i,u]*(1 - s[i])", "tu", ["return x.T @ ((s * (1 - s))[:, None] * x)"]),
]


@pytest.mark.parametrize(("sheet", "text", "axes", "expected"), NUMPY)
def test_numpy(sheet, text, axes, expected):
    assert body(source(sheet, text, axes, "numpy")) == expected


ATTENTION = """\
index i, j, k : n
index d, e : D
S[i,j] = Q[i,d]*K[j,d]/sqrt(D)
P[i,j] = exp(S[i,j])/sum[k](exp(S[i,k]))
O[i,d] = sum[j](P[i,j]*V[j,d])
"""


def test_no_array_is_larger_than_an_expert_would_make_it():
    text = source(ATTENTION, "sum[d,j](K[j,e]*P[i,j]*g[i,d]*(V[j,d] - O[i,d]))/sqrt(D)", "ie", "numpy")
    assert body(text)[-4:] == [
        "t1 = g @ V.T",
        "t1 -= np.einsum('id,id->i', O, g)[:, None]",
        "t1 *= P",
        "return t1 @ K / D**0.5",
    ]


def test_an_identity_is_never_multiplied():
    for text, axes in (
        ("delta[i,j]*x[i]", "ij"),
        ("delta[i,j]*A[i,k] + B[i,j,k]", "ijk"),
        ("A[i,j]*delta[j,k]*delta[k,l]", "il"),
    ):
        assert "np.eye" not in source("", text, axes) + source("", text, axes, "numpy")


def test_shared_subterms_are_named_once():
    text = source("", "exp(x[i])*exp(x[j]) + exp(x[k])", "ijk")
    assert text.count("np.exp") == 1


def test_equal_contractions_are_found_under_other_letters():
    text = source("", "sum[k](A[i,k]*B[k,j]) + sum[l](B[l,i]*A[j,l])", "ij")
    assert text.count("np.einsum") == 1
    assert body(text)[-1] == "return t1 + t1.T"


def test_lines_fit_the_page():
    text = source("", "where(x[i] > 0, " * 4 + "exp(-x[i]^2*y[j]/2)*sin(x[i] + y[j])" + ", x[i]*y[j])" * 4, "ij")
    assert max(map(len, text.splitlines())) <= 100


def test_definitions_that_are_inlined_stand_in_the_docstring():
    text = source("index i, j : n\nD[i,j] = delta[i,j]*x[i]", "D[i,j]", "ij")
    assert "result[i,j] = D[i,j]\n    D[i,j] = x[i]*delta[i,j]\n" in text


def test_pasted_code_runs_with_numpy_alone(tmp_path):
    texts = [
        source("a[i] = sigmoid(x[i])", "gelu(a[i])*delta[i,j] + erf(x[i])*sin(pi*x[j])", "ij", backend, name="f")
        for backend in ("einsum", "numpy")
    ]
    for number, text in enumerate(texts):
        path = tmp_path / f"pasted{number}.py"
        path.write_text(f"{text}\n\nprint(*f(np.zeros(2)).ravel())\n")
        done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=True)
        expected = [0.34573123063700656, 0.0, 0.0, 0.34573123063700656]
        assert [float(word) for word in done.stdout.split()] == pytest.approx(expected, rel=2e-15, abs=0)


def test_the_text_does_not_depend_on_the_hash_seed():
    code = (
        "from tests.codegen.test_source import source, SOFTMAX\n"
        "print(source(SOFTMAX, 'a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])*x[s]*x[q]*exp(y[p] + x[q])', 'pqrs', 'numpy'))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


NAMES = [
    ("diff(CE, w[t,s])", "diff_CE_w"),
    ("a[p,q]", "compute_a"),
    ("x[i] + y[i]", "x_y"),
    ("1/x[i]", "compute"),
    ("class", "compute_class"),
]


@pytest.mark.parametrize(("label", "expected"), NAMES)
def test_the_function_is_named_for_what_it_computes(label, expected):
    text = source("", "x[i]", "i", label=label)
    assert re.search(r"^def (\w+)\(", text, re.MULTILINE)[1] == expected


def test_the_result_of_a_matrix_product_is_negated_not_a_matrix():
    assert body(source("", "-X[i,j]*v[i]*u[i]", "j", "numpy")) == ["return -(X.T @ (v * u))"]
    assert body(source("", "-x[i]*y[i,j]", "ij", "numpy")) == ["return -x[:, None] * y"]
