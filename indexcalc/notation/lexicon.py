r"""The LaTeX commands, each once: its role, and what it stands for.

Scanners, parsers and writers ask this table; none of them keeps a list of its own. A command that is not here is an
unknown letter: it may be named, and nothing is known of it.

Roles:

    blank      sets spaces          wide      a wide space, which parts formulas     style    changes how things look
    size       sizes a bracket      skip n    is left out with its n arguments       through  shows its argument
    coloured   shows its second argument      brace     a brace over or under its argument, with words beside it
    font, accent                    change the letters in their argument; value: what the font says, the accent
    switch     changes the letters in the group that it begins; value: what the font says
    letter     value: its name      function  a scalar function; value: its name     operator a function of arrays
    times, hadamard, kronecker, cross, over, plus, minus, composed                    operators
    equal, relation, arrow          relations; `equal` says that both sides are the same
    open, close, bar, norm          brackets; value: the mark
    dots, partial, nabla, transposed, dagger, prime, infinity, forall                 signs
    big        value: sum, prod, or the name of what is not calculated with            extreme  max and min
    text       the argument is text            fraction, root, begin, end, named, choose, stack
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """What a command is; `count` arguments are left out with a command of the role `skip`."""

    role: str
    value: str = ""
    count: int = 0


GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
).split()

# role: commands, or command:value.
_TABLE = {
    "blank": ", ; : ! > / space thinspace medspace thickspace enspace negthinspace nobreak allowbreak hfill hfil "
    "noindent par smallskip medskip bigskip linebreak relax protect negmedspace negthickspace @ "
    "blacksquare qed qedsymbol qedhere Halmos",
    "wide": "quad qquad enskip",
    "style": "nolimits limits displaystyle textstyle scriptstyle scriptscriptstyle nonumber notag mathstrut strut hline "
    "ensuremath displaylimits centering scriptsize footnotesize small normalsize large Large "
    "mathord mathrel mathbin mathpunct mathopen mathclose mathinner mathop hdashline toprule midrule bottomrule "
    "allowdisplaybreaks normalfont intertext* smash",
    "switch": "rm:upright sf:upright tt:upright bf:bold bfseries:bold it:plain itshape:plain em:plain cal:cal",
    "size": "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm biggm Biggm",
    "skip": "tag:1 tag*:1 label:1 color:1 hspace:1 hspace*:1 vspace:1 vspace*:1 phantom:1 hphantom:1 vphantom:1 eqref:1 "
    "ref:1 cite:1 rule:2 mbox*:1 footnote:1 footnotemark:0 index:1 kern:0 hskip:0 mskip:0 mkern:0 cref:1 Cref:1 "
    "definecolor:3 cline:1 tagaddtext:1 markboth:2 setcounter:2 vadjust:1 nocite:1",
    "through": "boxed fbox framebox bbox cancel bcancel xcancel sout underline ul mathstrut* mathbox Aboxed fcolorbox* "
    "substack_ mathclap mathllap mathrlap llap rlap raisebox* htmlClass* enclose* bm* empheq*",
    "coloured": "textcolor colorbox cancelto class style cssId href htmlId",
    "brace": "underbrace overbrace underbracket overbracket",
    "font": "mathbf:bold boldsymbol:bold bm:bold pmb:bold symbf:bold mathbfit:bold symbfit:bold symbfup:bold "
    "boldsymbol*:bold vb:bold bs:bold bold:bold mathbfcal:bold mathcal:cal mathscr:cal mathfrak:cal "
    "mathbb:double mathds:double mathbbm:double Bbb:double "
    "mathnormal:plain mathrm:upright mathit:plain mathsf:upright mathtt:upright "
    "symbol:plain symup:upright symit:plain symsf:upright mathsfit:plain up:upright",
    "accent": "hat widehat:hat tilde widetilde:tilde bar overline:bar vec overrightarrow:vec dot ddot check breve acute "
    "grave mathring widebar:bar underbar:bar overset_ dddot",
    "letter": "varepsilon:epsilon vartheta:theta varpi:pi varrho:rho varsigma varphi:phi ell hbar imath:i jmath:j "
    "Re Im wp aleph emptyset varnothing:emptyset digamma varkappa:kappa omicron:o star:star ast:ast bullet circledast "
    "dag:dagger ddagger square Box:square triangle checkmark top_ sharp flat natural diamond clubsuit",
    "function": "exp log ln:log lg:log sin cos tan tanh sinh cosh arcsin arccos arctan erf sgn:sign sign cot sec csc "
    "coth artanh:arctanh arcosh:arccosh arsinh:arcsinh",
    "operator": "det tr Tr:tr trace:tr diag vec_op Vec:vec argmax argmin softmax rank ker dim deg gcd Pr hom arg "
    "curl div grad divg:div",
    "times": "cdot times ast_op bm_cdot",
    "hadamard": "odot circ",
    "divided": "oslash",
    "kronecker": "otimes",
    "cross": "wedge",
    "over": "div slash",
    "plus": "pm:pm mp:mp",
    "equal": "equiv triangleq doteq coloneqq coloneq:coloneqq defeq colonequals eqqcolon:eqqcolon xlongequal:= xequal:=",
    "relation": "leq le geq ge neq ne lt gt approx sim simeq cong propto in notin ni subset subseteq supset supseteq ll gg "
    "prec succ preceq succeq mid_ nmid perp parallel models vdash asymp doublecap stackeq approxeq leqslant:leq "
    "geqslant:geq lesssim gtrsim thickapprox:approx bowtie",
    "arrow": "Rightarrow rightarrow to implies iff Leftrightarrow leftrightarrow mapsto longrightarrow Longrightarrow "
    "longmapsto leftarrow gets Leftarrow therefore because hookrightarrow rightsquigarrow leadsto xrightarrow "
    "xRightarrow xleftarrow longleftarrow impliedby Longleftrightarrow uparrow downarrow nearrow searrow xLeftarrow "
    "xleftrightarrow xLeftrightarrow xmapsto longleftrightarrow leftrightharpoons rightleftharpoons rightharpoonup "
    "twoheadrightarrow Rrightarrow Lleftarrow Longleftarrow",
    "colon": "colon vcentcolon:colon",
    "open": "[ { lbrace:{ lbrack:[ ( langle:< lfloor lceil lgroup",
    "close": "] } rbrace:} rbrack:] ) rangle:> rfloor rceil rgroup",
    "bar": "vert lvert rvert mid",
    "norm": "| Vert lVert rVert",
    "dots": "dots ldots cdots vdots ddots dotsc dotsb dotsm dotsi dotso iddots",
    "partial": "partial",
    "nabla": "nabla",
    "transposed": "top intercal",
    "dagger": "dagger",
    "prime": "prime",
    "infinity": "infty",
    "forall": "forall exists nexists",
    "set": "cup cap setminus bigcup bigcap land:and lor:or lnot neg",
    "big": "sum prod int:int iint:int iiint:int oint:int lim:lim limsup:lim liminf:lim sup:sup inf:inf coprod bigoplus bigotimes "
    "bigsqcup",
    "extreme": "max min",
    "text": "text textrm textit textbf textsf texttt textnormal textup mbox hbox intertext shortintertext mathtext textsc emph",
    "named": "operatorname operatorname* mathop_",
    "fraction": "frac dfrac tfrac cfrac sfrac nicefrac",
    "choose": "binom dbinom tbinom choose",
    "root": "sqrt",
    "begin": "begin",
    "end": "end",
    "stack": "overset underset stackrel substack",
    "not": "not",
}


def _entries() -> dict[str, Entry]:
    found = {name: Entry("letter", name) for name in GREEK}
    for role, words in _TABLE.items():
        for word in words.split():
            name, _, value = word.partition(":") if len(word) > 1 else (word, "", "")
            count = int(value) if role == "skip" and value else 0
            found[name] = Entry(role, value or name, count)
    return found


COMMANDS = _entries()

# Characters outside of commands.
CHARACTERS = {
    "+": Entry("plus", "+"),
    "-": Entry("minus"),
    "−": Entry("minus"),
    "–": Entry("minus"),
    "*": Entry("times", "*"),
    "·": Entry("times", "cdot"),
    "⋅": Entry("times", "cdot"),
    "×": Entry("times", "times"),
    "∘": Entry("hadamard", "circ"),
    "⊙": Entry("hadamard", "odot"),
    "⊗": Entry("kronecker", "otimes"),
    "/": Entry("over", "/"),
    "÷": Entry("over", "div"),
    "=": Entry("equal", "="),
    "≡": Entry("equal", "equiv"),
    "<": Entry("relation", "<"),
    ">": Entry("relation", ">"),
    "≤": Entry("relation", "leq"),
    "≥": Entry("relation", "geq"),
    "≠": Entry("relation", "neq"),
    "≈": Entry("relation", "approx"),
    "∼": Entry("relation", "sim"),
    "∝": Entry("relation", "propto"),
    "∈": Entry("relation", "in"),
    "→": Entry("arrow", "to"),
    "⇒": Entry("arrow", "implies"),
    "(": Entry("open", "("),
    ")": Entry("close", ")"),
    "[": Entry("open", "["),
    "]": Entry("close", "]"),
    "|": Entry("bar", "|"),
    "‖": Entry("norm", "|"),
    "∥": Entry("norm", "|"),
    "'": Entry("prime", "'"),
    "′": Entry("prime", "'"),
    "’": Entry("prime", "'"),
    ",": Entry("comma", ","),
    ";": Entry("comma", ";"),
    ":": Entry("colon", ":"),
    ".": Entry("stop", "."),
    "!": Entry("factorial", "!"),
    "_": Entry("below"),
    "^": Entry("above"),
    "{": Entry("group"),
    "}": Entry("endgroup"),
    "&": Entry("column"),
    "~": Entry("blank"),
    "∂": Entry("partial"),
    "∇": Entry("nabla"),
    "∑": Entry("big", "sum"),
    "∏": Entry("big", "prod"),
    "∫": Entry("big", "int"),
    "∞": Entry("infinity"),
    "√": Entry("root"),
    "…": Entry("dots"),
    "⋯": Entry("dots"),
    "⊤": Entry("transposed"),
    "ᵀ": Entry("raised", "T"),
    "⁻": Entry("raised", "-"),
    "¹": Entry("raised", "1"),
    "²": Entry("raised", "2"),
    "³": Entry("raised", "3"),
    "∀": Entry("forall"),
}
_GREEK_LETTERS = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", ([*GREEK[:14], "omicron", *GREEK[14:23]]), strict=True))
CHARACTERS |= {letter: Entry("letter", name) for letter, name in _GREEK_LETTERS.items()}
CHARACTERS |= dict(zip("ϵɛςϕ", (Entry("letter", name) for name in ("epsilon", "epsilon", "sigma", "phi")), strict=True))
CHARACTERS |= {
    letter: Entry("letter", name)
    for letter, name in zip("ΓΔΘΛΞΠΣΥΦΨΩ", GREEK[23:], strict=True)
}

UNKNOWN = Entry("letter")

# What a superscript may be to mean a transposition, and labels that mean an inverse of some sort.
TRANSPOSITIONS = frozenset(("T", "t", "top", "Tr", "tr", "transpose"))

# Names of functions that are written out in upright letters, `\text{softmax}` or `sigmoid`, with what they stand for.
NAMED = {
    "exp": "exp", "log": "log", "ln": "log", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "sinh": "sinh",
    "cosh": "cosh", "erf": "erf", "sign": "sign", "sgn": "sign", "sqrt": "sqrt", "abs": "abs",
    "sigmoid": "sigmoid", "sigm": "sigmoid", "logistic": "sigmoid", "Sigmoid": "sigmoid", "relu": "relu", "ReLU": "relu", "ReLu": "relu", "Relu": "relu",
    "softplus": "softplus", "Softplus": "softplus", "gelu": "gelu", "GELU": "gelu", "arctan": "arctan",
    "max": "max", "min": "min", "Exp": "exp", "Log": "log", "Tanh": "tanh",
}  # fmt: skip
OPERATORS = {
    "tr": "tr", "Tr": "tr", "trace": "tr", "Trace": "tr", "det": "det", "diag": "diag", "Diag": "diag", "vec": "vec",
    "softmax": "softmax", "Softmax": "softmax", "SoftMax": "softmax", "logsumexp": "logsumexp", "LSE": "logsumexp",
    "LogSumExp": "logsumexp", "mean": "mean", "inv": "inv", "logdet": "logdet", "expm": "expm",
}  # fmt: skip
# Other spellings of expectations, variances and covariances, before a bracket.
CHANCE = {"E": "E", "Var": "Var", "var": "Var", "Cov": "Cov", "cov": "Cov"}

# What only stands for a value that algebra does not know.
UNJUDGED = frozenset(
    "E Var Cov Pr Prob P arg argmax argmin Re Im rank dim sup inf lim Bern Normal N KL span supp prox proj conv dom round mod"
    .split()
)  # fmt: skip

# What stands above an equality sign where it defines: \\overset{def}{=}.
DEFINED_ABOVE = frozenset(("def", "Def", "def.", "df", "triangle", "Delta", "déf", "d"))

# Environments: those that only lay out rows, those that hold a table of entries, and those with conditions.
LAYOUTS = frozenset(
    "align align* aligned alignat alignat* alignedat eqnarray eqnarray* equation equation* gather gather* gathered split "
    "multline multline* displaymath math flalign flalign* dmath dmath* dgroup dgroup* empheq IEEEeqnarray IEEEeqnarray* "
    "subequations multlined center"
    .split()
)  # fmt: skip
MATRICES = {
    "matrix": "", "pmatrix": "(", "bmatrix": "[", "Bmatrix": "{", "vmatrix": "|", "Vmatrix": "||", "smallmatrix": "",
    "pmatrix*": "(", "bmatrix*": "[", "psmallmatrix": "(", "bsmallmatrix": "[", "array": "", "matrix*": "", "tabular": "",
}  # fmt: skip
CASES = frozenset(("cases", "cases*", "dcases", "dcases*", "rcases", "drcases"))

# Words between formulas, by language: what they make of what follows. English first.
WORDS = {
    "if": "if for when where whenever provided si cuando pour falls wenn für if,\u5982\u679c \u5f53 se quando если при если",
    "and": "and et y und e и \u4e14 \u548c &",
    "or": "or ou o oder или \u6216",
    "otherwise": "otherwise else elsewhere sinon sonst autrement \u5426\u5219 \u5176\u4ed6 \u5176\u5b83 иначе ailleurs "
    "caso\u00a0contrario altrimenti",
    "then": "so hence thus therefore then consequently implies implying gives giving yields yielding get obtain "
    "also daher somit folglich donc ainsi alors entonces luego portanto logo quindi поэтому значит следовательно откуда "
    "\u6240\u4ee5 \u56e0\u6b64 \u6545 \u5219 \u5373",
    "every": "all every each any alle jedes jede todo todos toda cada tout tous chaque ogni всех любого",
    "aside": "where with while avec donde mit wobei onde dove где \u5176\u4e2d",
}


LONGEST_WORDS = 4  # which only lead from one formula to the next: "from which we get"


def said_by(text: str) -> str:
    """What a text inside a formula does: if, and, or, otherwise, aside, then; "" where it is none of these words."""
    words = text.strip(" .,;:()\n\t~").lower().split()
    if not words:
        return "blank"
    if len(text.strip()) == 1 and text.strip().isupper():
        return ""  # a letter, as in \\mathrm{E}[x]
    for kind in ("otherwise", "and", "or", "if"):
        if all(word in WORDS[kind].split() for word in words[:1]) and (len(words) == 1 or kind == "otherwise"):
            return kind
    if words[0] in WORDS["aside"].split() and len(words) <= 2:
        return "aside"
    if words[-1] in WORDS["if"].split():
        return "if"
    if words[0] in WORDS["if"].split() and all(word in WORDS["every"].split() for word in words[1:]):
        return "if"
    if len(words) <= LONGEST_WORDS and any(word in WORDS["then"].split() for word in (words[0], words[-1])):
        return "then"
    return ""
