"""Pictures of pictures: grids, and contact sheets of samples with their overlays."""

from acetate.draw.grid import draw_grid, show_grid
from acetate.draw.overlay import contact_sheet

__all__ = ["contact_sheet", "draw_grid", "show_grid"]
