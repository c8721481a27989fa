"""Pictures of pictures: grids, contact sheets of samples with their overlays, and curves."""

from acetate.draw.curve import draw_curve
from acetate.draw.grid import draw_grid, show_grid
from acetate.draw.overlay import contact_sheet

__all__ = ["contact_sheet", "draw_curve", "draw_grid", "show_grid"]
