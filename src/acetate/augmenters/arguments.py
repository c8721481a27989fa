"""Arguments of a step: a dict that nobody changes, so that steps can be remembered and compared."""

from typing import Any, NoReturn


class Arguments(dict[str, Any]):
    """Names and values that stay as they are.

    Examples
    --------
    >>> given = Arguments(p=0.5)
    >>> given == {"p": 0.5}, {given: "known"}[Arguments(p=0.5)]
    (True, 'known')
    >>> given["p"] = 1
    Traceback (most recent call last):
    TypeError: the arguments of a step do not change; make another step
    """

    _hash: int | None = None  # of what never changes

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the arguments of a step do not change; make another step")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        if self._hash is None:
            self._hash = hash(frozenset(self.items()))
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Arguments, (dict(self),)
