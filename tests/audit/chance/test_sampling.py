r"""Expectations are calculated with: E is linear, what does not vary comes out, facts of the text hold."""

import pytest

from indexcalc.audit.checking import check_document

LETTERS = {"proved": "p", "agrees": "p", "refuted": "w", "undecided": "?", "unreadable": "?"}


def verdicts(text):
    claims = check_document(f"{text}\n", "markdown").claims
    return "".join(LETTERS.get(str(claim.verdict), "") for claim in claims)


def displays(*formulas):
    return "".join(f"\n\n$$ {formula} $$" for formula in formulas)


MEAN = r"Let $Z$ be a random variable with mean $m = \mathbb{E}[Z]$."
MODEL = (
    r"Let $t = \Phi w + \eta$ with $\mathbb{E}[\eta] = 0$ and $\operatorname{Cov}(\eta) = s^2 I$, "
    r"and $\hat w = (\Phi^\top \Phi)^{-1} \Phi^\top t$."
)
PAIR = r"Let $g$ be independent of $h$, and $\mathbb{E}[g] = 0$."
ELEMENTS = (
    r"Let $u_1, \dots, u_n$ be independent with $\mathbb{E}[u_i] = m$ and $\operatorname{Var}(u_i) = s^2$, "
    r"and $\bar u = \frac1n \sum_{i=1}^n u_i$."
)
STATE = (
    r"With matrices $F$, $S$ and $V_t$: the state is $q_t = F q_{t-1} + r_t$, where $r_t \sim \mathcal{N}(0, S)$ is independent of $q_{t-1}$. "
    r"Let $c_t = \mathbb{E}[q_t]$ and $V_t = \mathbb{E}[(q_t - c_t)(q_t - c_t)^\top]$."
)


@pytest.mark.parametrize(
    ("told", "right", "wrong"),
    [
        (
            MEAN,
            (
                r"\operatorname{Var}(Z) = \mathbb{E}[(Z - m)^2] = \mathbb{E}[Z^2 - 2 m Z + m^2] = \mathbb{E}[Z^2] - m^2",
                r"\mathbb{E}[(Z - m)^3] = \mathbb{E}[Z^3] - 3 m \mathbb{E}[Z^2] + 2 m^3",
            ),
            (
                r"\mathbb{E}[Z^2] = \mathbb{E}[Z]^2",
                r"\mathbb{E}[Z] = Z",
                r"\mathbb{E}[Z Y] = \mathbb{E}[Z] \mathbb{E}[Y]",
                r"\operatorname{Var}(a Z) = a \operatorname{Var}(Z)",
                r"\operatorname{Var}(a Z + b) = a^2 \operatorname{Var}(Z)",  # b may vary, for all that is said
            ),
        ),
        (
            r"For constants $a$ and $b$,",
            (r"\operatorname{Var}(a Z + b) = a^2 \operatorname{Var}(Z)",),
            (r"\operatorname{Var}(a Z + b) = a \operatorname{Var}(Z) + b",),
        ),
        (
            MODEL,
            (
                r"\hat w = w + (\Phi^\top \Phi)^{-1} \Phi^\top \eta",
                r"\mathbb{E}[\hat w] = w + (\Phi^\top \Phi)^{-1} \Phi^\top \mathbb{E}[\eta] = w",
                r"\operatorname{Cov}(\hat w) = \mathbb{E}[(\hat w - w)(\hat w - w)^\top] = s^2 (\Phi^\top \Phi)^{-1}",
            ),
            (
                r"\operatorname{Cov}(\hat w) = s^2 \Phi^\top \Phi",
                r"\mathbb{E}[\hat w \hat w^\top] = s^2 (\Phi^\top \Phi)^{-1}",
            ),
        ),
        (
            PAIR,
            (
                r"\operatorname{Var}(g + h) = \operatorname{Var}(g) + \operatorname{Var}(h)",
                r"\mathbb{E}[g^2 h^2] = \mathbb{E}[g^2] \mathbb{E}[h^2]",
                r"\mathbb{E}[\exp(g) h] = \mathbb{E}[\exp(g)] \mathbb{E}[h]",
                r"\mathbb{E}[(g + h)^2] = \mathbb{E}[g^2] + \mathbb{E}[h^2]",
            ),
            (
                r"\operatorname{Var}(g - h) = \operatorname{Var}(g) - \operatorname{Var}(h)",
                r"\mathbb{E}[g^2 h] = 0",
                r"\mathbb{E}[g h k] = 0",
            ),
        ),
        (
            ELEMENTS,
            (
                r"\mathbb{E}[\bar u] = \frac1n \sum_{i=1}^n \mathbb{E}[u_i] = m",
                r"\operatorname{Var}(\bar u) = \frac{1}{n^2} \sum_{i=1}^n \operatorname{Var}(u_i) = \frac{s^2}{n}",
                r"\mathbb{E}\left[\sum_{i=1}^n (u_i - \bar u)^2\right] = (n - 1) s^2",
            ),
            (r"\operatorname{Var}(\bar u) = s^2", r"\mathbb{E}\left[\sum_{i=1}^n (u_i - \bar u)^2\right] = n s^2"),
        ),
        (
            ELEMENTS.replace("be independent with", "have"),
            (r"\mathbb{E}[\bar u] = m",),
            (r"\operatorname{Var}(\bar u) = \frac{s^2}{n}",),
        ),
        (
            STATE,
            (
                r"\mathbb{E}[F q_{t-1} + r_t] = F c_{t-1}",
                r"F \mathbb{E}[(q_{t-1} - c_{t-1})(q_{t-1} - c_{t-1})^\top] F^\top + \mathbb{E}[r_t r_t^\top] = "
                r"F V_{t-1} F^\top + S",
            ),
            (r"\mathbb{E}[(F q_{t-1} + r_t)(F q_{t-1} + r_t)^\top] = F V_{t-1} F^\top + S",),
        ),
    ],
)
def test_what_follows_is_proved_and_nothing_else(told, right, wrong):
    assert verdicts(told + displays(*right)) == "p" * sum(formula.count(" = ") for formula in right)
    for formula in wrong:
        assert "p" not in verdicts(told + displays(formula)), formula


def test_a_gradient_of_an_expectation():
    text = "Let $L(v) = \\mathbb{E}[(y - v^\\top x)^2]$ with vectors $v$ and $x$."
    assert verdicts(text + displays(r"\nabla_v L = \mathbb{E}[-2 (y - v^\top x) x]")) == "p"
    assert "p" not in verdicts(text + displays(r"\nabla_v L = \mathbb{E}[2 (y - v^\top x) x]"))


def test_what_a_distribution_hangs_on_is_not_differentiated_past_it():
    moved = r"\nabla_\theta \mathbb{E}_{z \sim p_\theta}[f(z)] = \mathbb{E}_{z \sim p_\theta}[\nabla_\theta f(z)]"
    assert verdicts(displays(moved)) == "?"
    assert verdicts(displays(r"\nabla_\theta \mathbb{E}_{z \sim p}[\theta f(z)] = \mathbb{E}_{z \sim p}[f(z)]")) == "p"


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\mathbb{E}_{z \sim q}[a f(z) + b] = a \mathbb{E}_{z \sim q}[f(z)] + b", "p"),
        (r"\mathbb{E}_{z \sim q}[f(z)] = \mathbb{E}_{z \sim p}[f(z)]", "?"),
        (r"\mathbb{E}[v g(u) \mid v] = v \mathbb{E}[g(u) \mid v]", "p"),
        (r"\mathbb{E}[v g(u) \mid v] = v \mathbb{E}[g(u)]", "?"),
        (r"\mathbb{E}_{q(z)}[\log q(z) - \log p(z)] = \mathbb{E}_{q(z)}[\log q(z)] - \mathbb{E}_{q(z)}[\log p(z)]", "p"),
        (r"\mathbb{E}_{q(z)}[\log q(z) - \log p(z)] = \mathbb{E}_{q(z)}[\log q(z)] + \mathbb{E}_{q(z)}[\log p(z)]", "w"),
    ],
)
def test_distributions_and_conditions(formula, verdict):
    assert verdicts(displays(formula)) == verdict


def test_a_slip_is_found_by_what_mends_it():
    claims = check_document(MEAN + displays(r"\operatorname{Var}(Z) = \mathbb{E}[Z^2] + m^2") + "\n", "markdown").claims
    assert (str(claims[-1].verdict), claims[-1].fix) == ("refuted", r"\mathbb{E}[Z^2] - m^2")


def test_a_fact_that_contradicts_itself_proves_nothing():
    text = r"With $\mathbb{E}[g] = 0$ and $\mathbb{E}[g] = 1$:" + displays(r"\mathbb{E}[g h] = \mathbb{E}[g h] + \mathbb{E}[g]")
    assert "p" not in verdicts(text)


@pytest.mark.parametrize(
    "sign", [r"\mathbb{E}", r"\mathrm{E}", r"\text{E}", r"\operatorname{E}", r"\operatorname{\mathbb{E}}", r"{\rm E}", "E"]
)
def test_spellings_of_an_expectation(sign):
    text = displays(f"{sign}[(a Z + b)^2] = a^2 {sign}[Z^2] + 2 a b {sign}[Z] + b^2")
    assert verdicts(text) == "p"
    assert "p" not in verdicts(text.replace("2 a b", "a b"))


def test_a_sign_with_what_varies_below_it():
    for sign in (r"\underset{z \sim q}{\mathbb{E}}", r"\operatorname*{\mathbb{E}}_{z \sim q}", r"\mathbb{E}_{z \sim q}"):
        assert verdicts(displays(f"{sign}[a f(z)] = a {sign}[f(z)]")) == "p"


def test_a_derivative_of_what_nothing_defines_is_not_zero_in_an_expectation():
    told = (
        r"Let $\ell(v) = \sum_{i=1}^n \log p(u_i; v)$ and $s(v) = \frac{\partial \ell}{\partial v}$. For a coin "
        r"$\log p(u; v) = u \log v + (1 - u) \log(1 - v)$."
    )
    formula = r"\mathbb{E}[s(v)^2] = -\mathbb{E}\left[\frac{\partial^2 \ell}{\partial v^2}\right]"
    assert "p" not in verdicts(told + displays(formula))


def test_a_filter():
    text = (
        r"The error is $e = d - w^\top x$. The cost is $J(w) = \mathbb{E}[e^2]$, with $R = \mathbb{E}[x x^\top]$ and "
        r"$p = \mathbb{E}[d x]$, of vectors $x$, $p$ and $w$."
    )
    assert verdicts(text + displays(r"\nabla_w J = -2 p + 2 R w = -2 \mathbb{E}[e x]")) == "pp"
    assert "pp" not in verdicts(text + displays(r"\nabla_w J = -2 p + 2 R w = 2 \mathbb{E}[e x]"))


def test_moments_that_words_tell():
    noise = "Let $u$ and $v$ be independent with zero mean and variances $s^2$ and $t^2$."
    assert verdicts(noise + displays(r"\mathbb{E}[(u + v)^2] = \mathbb{E}[u^2] + \mathbb{E}[v^2] = s^2 + t^2")) == "pp"
    assert verdicts(noise + displays(r"\operatorname{Var}(2 u - v) = 4 s^2 + t^2")) == "p"
    assert "p" not in verdicts(noise + displays(r"\operatorname{Var}(2 u - v) = 4 s^2 - t^2"))
    model = "In $t = B w + q$ the zero-mean noise $q$ has covariance $S$, with matrices $B$ and $S$."
    assert verdicts(model + displays(r"\operatorname{Cov}(t) = S")) == "?"  # nothing says that it is that of q
    model = "In $t = B w + q$ the noise $q$ has zero mean and covariance matrix $S$, with matrices $B$ and $S$."
    assert verdicts(model + displays(r"\mathbb{E}[t t^\top] = B w w^\top B^\top + S")) == "p"
    assert "p" not in verdicts(model + displays(r"\mathbb{E}[t t^\top] = B w w^\top B^\top"))


def test_moments_of_distributions():
    masks = r"With independent masks $m_j \sim \text{Bernoulli}(p)$ and constants $w_j$,"
    variance = r"\operatorname{Var}(\sum_j w_j m_j) = p (1 - p) \sum_j w_j^2"
    assert verdicts(masks + displays(r"\mathbb{E}[\sum_j w_j m_j] = p \sum_j w_j", variance)) == "pp"
    assert "p" not in verdicts(masks.replace("independent ", "") + displays(variance))
    count = r"Let $k \sim \operatorname{Poisson}(r)$."
    assert verdicts(count + displays(r"\mathbb{E}[k^2] = r^2 + r")) == "p"
    assert "p" not in verdicts(count + displays(r"\mathbb{E}[k^2] = r^2"))
    root = r"Let $z \sim \mathcal{N}(m, \sigma)$."  # sigma may be the deviation
    assert "p" not in verdicts(root + displays(r"\mathbb{E}[z^2] = m^2 + \sigma"))
    assert verdicts(root.replace("sigma", "sigma^2") + displays(r"\mathbb{E}[z^2] = m^2 + \sigma^2")) == "p"


def test_a_distribution_says_nothing_where_no_expectation_stands():
    told = r"Let $x \sim \mathcal{N}(m, S)$ with a symmetric $S$, and $f = -\frac12 (x - m)^\top S^{-1} (x - m)$."
    assert verdicts(told + displays(r"\nabla_m f = S^{-1} (x - m)")) == "p"
    assert verdicts(told + displays(r"\nabla_m f = S (x - m)")) == "w"
