r"""Definitions that a text gives again, and gradients that it states: those that follow from what stands before."""

from indexcalc.audit.checking import check_document

NETWORK = (
    r"Let $s$ be the sigmoid, $a(u) = s(V u + c)$ with $V \in \mathbb{R}^{m \times n}$, $u \in \mathbb{R}^n$, $c \in \mathbb{R}^m$,"
    " and in parts\n\n"
    r"$$q = V u + c$$" + "\n\n" + r"$$a = s(q)$$" + "\n\n"
)


def claims(*lines):
    return check_document("\n\n".join(lines) + "\n", "markdown").claims


def last(*lines):
    return str(claims(*lines)[-1].verdict)


def test_a_definition_through_a_new_name_goes_on_to_hold():
    sigmoid = r"where $s(x) = 1/(1 + e^{-x})$."
    right = r"$$\frac{\partial a_i}{\partial q_i} = a_i (1 - a_i)$$"
    wrong = r"$$\frac{\partial a_i}{\partial q_i} = a_i (1 + a_i)$$"
    assert last(NETWORK, sigmoid, right) == "proved"
    assert last(NETWORK, sigmoid, wrong) == "refuted"


LOSS = (
    r"Let $p_k = e^{z_k}/\sum_i e^{z_i}$, $z_k = \sum_j W_{kj} h_j + b_k$ and $L = -\sum_k y_k \log p_k$.",
    r"$$-y_j + p_j \underbrace{(y_j + \sum_{k \ne j} y_k)}_{=1} = p_j - y_j$$",
)


def test_a_sum_that_leaves_one_out_beside_that_one_is_the_whole_sum():
    assert last(*LOSS) == "proved"
    assert last(*LOSS, r"$$\frac{\partial L}{\partial z_j} = p_j - y_j$$") == "proved"
    assert last(*LOSS, r"$$\frac{\partial L}{\partial z_j} = p_j + y_j$$") == "refuted"


def test_a_vector_that_is_taken_for_a_row_for_a_formula_does_not_confirm_it():
    text = (
        r"Let $W \in \mathbb{R}^{m \times n}$, $h \in \mathbb{R}^n$, $b \in \mathbb{R}^m$, $z = W h + b$ and $p = \text{softmax}(z)$.",
        r"The loss is $L = -\sum_k y_k \log p_k$, where $y$ is a one-hot vector.",
        r"$$\frac{\partial L}{\partial z_j} = p_j - y_j$$",
        r"$$\frac{\partial L}{\partial h} = (p - y) W$$",
    )
    assert last(*text) not in ("proved", "agrees")
    assert last(*text[:-1], r"$$\frac{\partial L}{\partial h} = W^\top (p - y)$$") == "proved"
