"""The chapters of the tour: what they tell, and which example each of them runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """A chapter: words, and an example that makes its picture.

    Parameters
    ----------
    title : str
        The heading, and with hyphens its address on the page.
    text : str
        For a newcomer: paragraphs of HTML.
    script : str
        The name of a file in ``examples/``, without ``.py``.
    caption : str
        What is seen where in the picture; HTML.

    Examples
    --------
    >>> CHAPTERS[0].script
    'heatmaps_simple'
    """

    title: str
    text: str
    script: str
    caption: str


CHAPTERS = (
    Chapter(
        "A simple example",
        "<p>The heatmap is a depth map that was measured together with the photograph: one number "
        "for each pixel, large where a thing is near. It is pooled to half size, as a model wants "
        "it that predicts at half resolution.</p>"
        "<p>Four augmenters run in random order. <code>Dropout</code> and <code>Sharpen</code> "
        "change what pixels show, so they touch the photograph alone. <code>Affine</code> and "
        "<code>ElasticTransformation</code> change where things are, so they move photograph and "
        "heatmap alike.</p>",
        "heatmaps_simple",
        "A row for each of five samples: the photograph, the augmented photograph, the augmented "
        "heatmap on it, on its own, and in gray.",
    ),
    Chapter(
        "Several heatmaps in one sheet",
        "<p>An array <code>(H, W, C)</code> is a sheet of C heatmaps. Here each of three holds a "
        "bell around one landmark of a cat's face, which is how a network that finds landmarks is "
        "taught. They are mirrored, turned and enlarged with the picture.</p>",
        "heatmaps_several",
        "Before and after: the picture, and each of the three heatmaps on it.",
    ),
    Chapter(
        "Reading and changing the array",
        "<p><code>get_arr()</code> gives the values back as they came in: the same shape, the same "
        "range. It is a plain NumPy array and yours to change; what comes of it is the next "
        "heatmap. Here everything is sent to the far end that is not the motorcycle.</p>",
        "heatmaps_array",
        "The photograph, the heatmap on it, and the heatmap after the change.",
    ),
    Chapter(
        "Pooling and resizing",
        "<p>A sheet has a resolution of its own, and it always knows the size of the picture that "
        "it lies on. Three ways lead to a smaller one: <code>avg_pool</code> keeps the mean of "
        "each block, <code>max_pool</code> its peak, so thin things stay, and <code>resize</code> "
        "interpolates.</p>",
        "heatmaps_resize",
        "Columns: 128, 64, 32 and 16 pixels wide. Rows: average pooling, maximum pooling, cubic "
        "resizing, each as large as it is; then the three again, enlarged.",
    ),
    Chapter(
        "Padding",
        "<p>Networks like squares. <code>pad</code> adds pixels to the sides that you name; "
        "<code>pad_to_aspect_ratio</code> works out how many there must be, for a picture and for "
        "a heatmap of any resolution on it.</p>",
        "heatmaps_pad",
        "The photograph, and its heatmap on it: padded with zeros by <code>pad</code>, then with "
        "the pixels at the edge by <code>pad_to_aspect_ratio</code>.",
    ),
    Chapter(
        "All sheets together",
        "<p>One call moves the picture and all that lies on it. The heatmap is read between its "
        "pixels and keeps its resolution, a quarter of the picture's; labels are never mixed; "
        "landmarks and boxes go along the same map. Where the picture is mirrored or bent, so is "
        "everything on it.</p>",
        "sheets_together",
        "The picture and its sheets as they are, then three samples: heatmap, label map, "
        "landmarks, boxes.",
    ),
    Chapter(
        "Recipes and replay",
        "<p>An augmenter draws a <em>recipe</em>: steps with every random number in them. "
        "Applying it is deterministic, so a recipe that was kept as JSON gives the same bytes in "
        "another process and on another day.</p>"
        "<p>It also lets neighbouring moves be joined. Five of them in a row become one map, and "
        "the picture is resampled once. Resampled five times, its letters blur.</p>",
        "replay",
        "Columns: the page, moved in one go, moved step by step. Below, a detail of each.",
    ),
    Chapter(
        "From a square to the flower",
        "<p>A mask that knows nothing, a square in the middle, flows until it fits the picture. "
        "Each step gives both sides their mean colour and every pixel to the side that suits it, "
        "where having neighbours of the same side counts too: that part is heat, let loose on the "
        "mask.</p>"
        "<p>The energy, what the pixels differ from their side plus the length of the border, "
        "falls with every step and tells when it is done. No training, no labels; "
        "<code>HeatFlow</code> finds its own beginning and its own parameters, and there is a "
        "command: <code>acetate segment pictures --out found</code>.</p>",
        "square_to_flower",
        "The square, and the mask after 1, 2, 3 and 5 small steps; then what the steps of usual "
        "size found, as a mask too, and the energy of the small steps.",
    ),
    Chapter(
        "The ladder without training",
        "<p>Coins under light from the upper left: seven of the methods that need no labels, each "
        "with its defaults or nearly so. One threshold fails, and so does all that asks for one "
        "value, be it with neighbours, squares or an exact minimum; what looks at the "
        "surroundings does not.</p>"
        "<p><code>acetate methods</code> lists them all. Which one suits your pictures? Give a few "
        "with their truth, and <code>acetate compare pictures --truth masks</code> tries "
        "them all.</p>",
        "ladder",
        "Above: the picture, a threshold, hysteresis, k-means on value and neighbourhood. Below: "
        "a quad tree, a Markov random field, a local threshold, and the heat flow with local "
        "values.",
    ),
    Chapter(
        "From ten strokes",
        "<p>A lawn, and a man before it: no gray value parts them, texture does. Paint a few "
        "strokes on what you want and on what you do not, and a classifier learns which features "
        "of a pixel and its surroundings tell the two apart, at scales from half a pixel to 16. "
        "It takes a second; here most of the time goes into compiling its loops, once in an "
        "installation.</p>"
        "<p>Then look, and paint where it erred. It knows where it is unsure, which is where the "
        "next stroke tells most. At the command line: <code>acetate train pixels pictures "
        "--scribbles strokes --out lawn.model</code>, then <code>acetate predict lawn.model "
        "pictures --out found</code>.</p>",
        "strokes_to_masks",
        "Above: six strokes, green for the lawn and red for all else; where the classifier is "
        "unsure; the mask. Below, the same after four more strokes where it erred.",
    ),
    Chapter(
        "What blurring destroys and shrinkage brings back",
        "<p>Heat on a picture is a blur. <code>HeatCorruption</code> runs it with noise, in graded "
        "levels: what the blur has taken is gone for good.</p>"
        "<p>Noise alone is another matter, as a picture is simple where noise is not. "
        "<code>LinearHeat</code> blurs for the best time there is, <code>TotalVariation</code> "
        "flattens what lies between edges, and <code>CosineShrinkage</code>, the default of "
        "<code>acetate denoise</code>, keeps what few cosines of a small block explain. None of "
        "them is told how much noise there is.</p>",
        "blur_and_shrinkage",
        "Above, the photograph at four levels of corruption. Below, it with noise, and without it "
        "by three ways. The numbers say how near each is to the photograph (PSNR, more is "
        "nearer).",
    ),
    Chapter(
        "A cat made of pictures",
        "<p>600 pictures are cropped to tiles and measured: the colours of four quarters each. "
        "Here they are parts of a few sample photographs, turned and in other light, as acetate "
        "does not come with 600. Then every cell of a grid takes the tile that is most like it. "
        "That is as near to the cat as these tiles come, and it repeats itself.</p>"
        "<p>Should no picture come twice, cells have to share. The match is the one of least "
        "cost, by optimal transport, and its prices prove it: <code>found.gap</code> is 0.</p>"
        "<p>With thousands of pictures of your own it is two commands: "
        "<code>acetate mosaic index photos --library tiles.h5</code>, and "
        "<code>acetate mosaic make cat.jpg --library tiles.h5 --grid 100x100 --out mosaic.jpg"
        "</code>.</p>",
        "mosaic_cat",
        "Above: the target, and its 40 × 60 nearest tiles. Below: an eye of it from near, and 16 × "
        "24 tiles of which each is there once.",
    ),
)
