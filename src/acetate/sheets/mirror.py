"""Mirror tables: which landmarks change names where a picture is mirrored."""

from collections.abc import Mapping, Sequence

Names = tuple[str | None, ...]


def checked_table(mirror: Mapping[str, str], names: Sequence[str | None]) -> dict[str, str]:
    """Return a copy of the table if it goes both ways between names that exist once.

    Raises
    ------
    ValueError
        If a name is unknown or there twice, or a pair goes one way only.

    Examples
    --------
    >>> checked_table({"left": "right", "right": "left"}, ["left", "nose", "right"])
    {'left': 'right', 'right': 'left'}
    """
    for name, partner in mirror.items():
        for one in (name, partner):
            if names.count(one) != 1:
                raise ValueError(
                    f"mirror names {one!r}, as {names.count(one)} of the keypoints are called; "
                    f"it must be exactly one of {list(names)}"
                )
        if mirror.get(partner) != name:
            raise ValueError(
                f"mirror maps {name!r} to {partner!r}, but {partner!r} to "
                f"{mirror.get(partner)!r}; pairs go both ways: add {partner!r} -> {name!r}"
            )
    return dict(mirror)


def exchange(names: Names, table: Mapping[str, str]) -> tuple[list[int], Names]:
    """Return which point each place takes over in a mirror image, and the names then.

    Names stay where they are and take the partner's point; a point whose partner is not there
    stays and takes the partner's name.

    Examples
    --------
    >>> eyes = {"left": "right", "right": "left"}
    >>> exchange(("left", "nose", "right"), eyes)
    ([2, 1, 0], ('left', 'nose', 'right'))
    >>> exchange(("left", "nose"), eyes)
    ([0, 1], ('right', 'nose'))
    """
    place = {name: k for k, name in enumerate(names)}
    partners = [name if name is None else table.get(name, name) for name in names]
    order = [
        place.get(partner, k) if partner != names[k] else k for k, partner in enumerate(partners)
    ]
    renamed = (
        name if partner in place else partner for name, partner in zip(names, partners, strict=True)
    )
    return order, tuple(renamed)
