"""What an assistant reads before it asks: the language in one page, and how a document becomes a sheet."""

LANGUAGE = """# The language of indexcalc

A sheet is a list of statements, one a line; # begins a comment; a line goes on while a bracket is open.

    index p, r : m                                          # the size of a range; else ranges are inferred
    z[p,q] = b[q] + x[p,t]*w[t,q]                           # definition; t is summed, by Einstein's convention
    a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))              # explicit sum
    CE = -1/m * sum[p,q](y[p,q]*log(a[p,q]))                # m is the size of the range of p
    assume sum[q](y[p,q]) = 1                               # a fact
    dw[t,s] = diff(CE, w[t,s])                              # a derivative is an expression like any other
    check diff(a[p,q], z[r,s]) = a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])

- Names are letters, digits and _; indices stand in brackets: x[i,j]. An index that occurs once and is not on the left
  is an error: write sum[k](...).
- Operators: + - * / ^ and juxtaposition. Reductions: sum[k](...), prod, max, min, mean, logsumexp.
- delta[i,j], eps[i,j,k], 1[i == j], 1[x[i] > 0], where(i == j, A, B).
- diff(expression, x[i,j]), diff(expression, x[i], x[j]); a tensor without indices means all its elements: diff(CE, w).
- Matrices: tensor X[i,j], w[j] declares axes; then X @ w, X.T, A .* B, tr(A), norm(x), diag(x), inv(A), det(A),
  logdet(A), solve(A, b), chol(A).
- function f declares an unknown function; symmetric A, assume A[i,j] = A[j,i].
- LaTeX is read as well: \\frac{\\partial a_{pq}}{\\partial z_{rs}}.

Verdicts: proved (exact), agrees (equal on random samples), refuted (with a counterexample), undecided (the reason says
what is missing), unreadable.
"""

PROMPT = """You have a text with a derivation. indexcalc proves or refutes its steps; reading the text is your part.

1. Read the text and write a sheet: a definition for each quantity (index notation, one a line), `index i : m` for the
   sizes, `assume` for each fact that the text states. Read the resource indexcalc://language first.
2. Write each equality that the text claims as `check LEFT = RIGHT`, with diff(f, x[i]) for derivatives. Do not mend
   the text: write what it says.
3. Call the tool `check` with the sheet and format "sheet". For one equality call `equal`.
4. If something is unreadable or undecided, the reason says what to write; add the declaration only if the text supports
   it, and say what you assumed.
5. Report each refuted step with its counterexample and fix, as the tool gave them. A verdict is the tool's, never
   yours.

The text:

"""
