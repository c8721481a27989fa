"""The machinery of prompted flows: edges, colours, distances, stages; nothing public."""

__all__: list[str] = []
