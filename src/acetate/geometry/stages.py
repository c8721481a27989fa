"""What a stage of a way does with points: numbers that plans and compiled loops agree on."""

# A stage, and what the `NUMBERS` numbers beside it tell:
AFFINE = 0  # a matrix, row by row
PROJECTIVE = 1  # a matrix, row by row
BEND = 2  # a grid of displacements: where it begins (x, y), samples to a pixel (x, y), gain (x, y)
MARK = 3  # mark what lies outside a frame: width, height, the number of the mark
LOSE = 4  # send far away what lies outside a frame: width, height
FOLD = 5  # bring back into a frame: width, height, only what lies outside by more px, the mode
NUMBERS = 9

# Modes of folding.
EDGE, SYMMETRIC, REFLECT, WRAP = 0, 1, 2, 3
