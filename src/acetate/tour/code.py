"""Python source as HTML, coloured by Python's own tokenizer."""

import io
import keyword
import tokenize
from html import escape
from itertools import accumulate

_KINDS = {
    "COMMENT": "c",
    "STRING": "s",
    "FSTRING_START": "s",  # from Python 3.12 on an f-string comes in parts
    "FSTRING_MIDDLE": "s",
    "FSTRING_END": "s",
    "NUMBER": "n",
}


def highlighted(source: str) -> str:
    """Return Python source as HTML: its text unchanged, its words in spans by kind.

    Parameters
    ----------
    source : str
        A whole program.

    Returns
    -------
    str
        For a ``<pre>``: comments are of class ``c``, strings ``s``, numbers ``n``, keywords ``k``,
        the names after ``def`` and ``class`` ``d``.

    Raises
    ------
    SyntaxError, tokenize.TokenError
        If it is no Python.

    Examples
    --------
    >>> print(highlighted("x = 1  # <b>"))
    x = <span class="n">1</span>  <span class="c"># &lt;b&gt;</span>
    """
    starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    parts, done, before = list[str](), 0, ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind, before = _kind(token, before), token.string
        if kind is None:
            continue
        begin, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        word = escape(source[begin:end], quote=False)
        parts += [escape(source[done:begin], quote=False), f'<span class="{kind}">{word}</span>']
        done = end
    return "".join([*parts, escape(source[done:], quote=False)])


def _kind(token: tokenize.TokenInfo, before: str) -> str | None:
    """Return the class of a token; None for plain text."""
    if token.type != tokenize.NAME:
        return _KINDS.get(tokenize.tok_name[token.type])
    if before in ("def", "class"):
        return "d"
    return "k" if keyword.iskeyword(token.string) else None
