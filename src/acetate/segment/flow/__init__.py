"""The machinery of heat flows: values, phases, borders, steps, resolutions; nothing public."""

__all__: list[str] = []
