"""Where a file of landmarks puts the point (0, 0)."""

ORIGINS = {"corner": 0.0, "centre": 0.5}


def origin_offset(origin: str) -> float:
    """Return what to add to a file's coordinates to get ours, where pixel centres are at + 0.5.

    Parameters
    ----------
    origin : {"corner", "centre"}
        Whether (0, 0) is the outer corner of the first pixel, as everywhere in acetate, or its
        centre, as where coordinates are indices of pixels.

    Raises
    ------
    ValueError
        If it is another word.

    Examples
    --------
    >>> origin_offset("centre")
    0.5
    """
    if origin not in ORIGINS:
        raise ValueError(f"origin must be {' or '.join(map(repr, ORIGINS))}, got {origin!r}")
    return ORIGINS[origin]
