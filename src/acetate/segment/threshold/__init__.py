"""Thresholds: histograms, the rules that cut them, and the methods and studies that use these."""

__all__: list[str] = []
