"""The names of networks, for what has to know them before torch is loaded."""

TIMM = "timm:"


class _Names(tuple[str, ...]):
    """Names, and any that begins with ``timm:``."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and name.startswith(TIMM))


NETWORKS = _Names(
    (
        "hrnet_w18_small",
        "hrnet_w18_small_v2",
        "hrnet_w18",
        "hrnet_w32",
        "hrnet_w48",
        "light",
        f"{TIMM}NAME",
    )
)
