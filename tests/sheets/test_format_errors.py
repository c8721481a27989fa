"""What is wrong with a file of landmarks is said in one sentence, with the file and the place."""

import json

import pytest

from acetate.sheets import LandmarkSet
from acetate.sheets.formats import (
    FORMATS,
    mean_of_annotators,
    read_landmarks,
    read_spacings,
    sniff_format,
    write_landmarks,
)


def put(path, content):
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def keypoint(**change):
    value = {"x": 1, "y": 2, "keypointlabels": ["a"], **change.pop("value", {})}
    sized = {"original_width": 9, "original_height": 9, "value": value, **change}
    return [{"data": {"image": "a.png"}, "annotations": [{"result": [sized]}]}]


def labelme(shape=None, **change):
    point = {"label": "a", "shape_type": "point", "points": [[1, 2]], **(shape or {})}
    return {"imagePath": "a.png", "shapes": [point], "imageHeight": 9, "imageWidth": 9, **change}


def markup(point=None, **change):
    good = {"label": "a", "position": [1, 2, 0], **(point or {})}
    return {"markups": [{"coordinateSystem": "LPS", "controlPoints": [good], **change}]}


def aariz(**change):
    good = {"symbol": "A", "value": {"x": 1, "y": 2}, **change}
    return {"ceph_id": "c", "landmarks": [good]}


def cvat(inside, image='<image name="a.png" width="9" height="9">'):
    return f"<annotations>\n{image}\n{inside}\n</image></annotations>"


def tps_comment(inside):
    return f"LM=1\n1 2\nID=a.png\nCOMMENT=acetate {{{inside}}}\n"


SCORER = "scorer,me,me\n"
CASES = [
    ("csv", "", "line 1: a column must be called image or picture"),
    ("csv", "image,name,x\n", "line 1: a column must be called y, got image,name,x"),
    ("csv", "image,name,x,y,x\n", "line 1: two columns are called 'x'"),
    ("csv", "image,name,x,y\na,n,1\n", "line 2: 4 fields expected, got 3"),
    ("csv", "image,name,x,y\na,n,1,b\n", "line 2: x and y must both be numbers"),
    ("csv", "image,name,x,y\na,n,1,\n", "line 2: x and y must both be numbers"),
    ("csv", "image,name,x,y\n,n,1,2\n", "line 2: a row has a picture and a name"),
    ("csv", "image,name,x,y\na,n,1,2\na,n,3,4\n", "line 3: 'a' has a second row for 'n'"),
    ("csv", "image,name,x,y,visibility\na,n,1,2,3\n", "line 2: visibility must be 0, 1, 2"),
    ("csv", "image,name,x,y,mm_per_px\na,n,1,2,0\n", "line 2: mm per pixel must be a number above"),
    ("csv", "image,name,x,y,height,width\na,n,1,2,0,4\n", "line 2: height and width are whole"),
    ("csv", b"image,name,x,y\na,\xff,1,2\n", "is not a text file in UTF-8"),
    ("csv", 'image,name,x,y\na,"n,1,2\n', "line 2: unexpected end of data"),
    (
        "csv",
        "image,name,x,y,mm_per_px\na,n,1,2,.1\na,m,1,2,\na,o,1,2,.2\n",
        "line 4: mm_per_px of 'a'",
    ),
    (
        "csv",
        "image,name,x,y,height,width\na,n,1,2,4,5\na,m,1,2,5,4\n",
        r"line 3: \(height, width\) of 'a' is \(5, 4\), a row before says \(4, 5\)",
    ),
    (
        "csv-wide",
        "image,n_x,n_y,tail_x,tailY\n",
        "line 1: the column 'tail_x' needs 'tail_y' beside",
    ),
    ("csv-wide", "image,x1,y1,y2\n", "line 1: the column 'y2' needs 'x2' beside it"),
    ("csv-wide", "image,n_x,n_y,m_v\n", "line 1: the column 'm_v' needs 'm_x' and 'm_y' beside it"),
    ("csv-wide", "image,n_x,n_y,n.x\n", "line 1: 'n_x' and 'n.x' are both the x of 'n'"),
    ("csv-wide", "image,a,b\n", "line 1: no columns NAME_x and NAME_y"),
    ("csv-wide", "image,a_x,a_y\np,1,2\np,3,4\n", "line 3: the picture 'p' is there twice"),
    ("csv-wide", "image,a_x,a_y\n,1,2\n", "line 2: the picture '' is blank"),
    ("csv-wide", "image,a_x,a_y\np,1,inf\n", "line 2, 'a': x and y must both be numbers"),
    ("label-studio", {}, "the list of tasks must be a list, got {}"),
    ("label-studio", [[]], r"the list of tasks\[0\] must be an object"),
    ("label-studio", [{"data": {"n": 1}}], r"'data' of the list of tasks\[0\] must be one with an"),
    ("label-studio", keypoint(value={"x": "1"}), r"'x' of results of .* must be a number, got '1'"),
    ("label-studio", keypoint(value={"keypointlabels": []}), "must be a list of one name"),
    ("label-studio", keypoint(original_width=0), "must be whole numbers from 1"),
    ("label-studio", keypoint(image_rotation=90), "must be 0: turn the picture itself, got 90"),
    ("label-studio", keypoint() * 2, r"the list of tasks\[1\] has the picture 'a.png' of one"),
    ("labelme", [], r"the top level must be an object, got \[\]"),
    ("labelme", labelme(shapes=None), "'shapes' of the top level must be a list"),
    (
        "labelme",
        labelme({"points": [[1, 2], [3, 4]]}),
        r"'points' of shapes\[0\] must be a list of",
    ),
    ("labelme", labelme({"points": [[1, "2"]]}), r"'points' of shapes\[0\] must be a number"),
    ("labelme", labelme({"points": [[1, 10**400]]}), r"'points' of .* must be a number, got 1000"),
    ("labelme", labelme(imageHeight=10**400), "of the top level must be whole numbers from 1"),
    ("labelme", labelme({"points": [[1]]}), r"'points' of shapes\[0\] must be two numbers"),
    ("labelme", labelme({"label": 3}), r"'label' of shapes\[0\] must be a text, got 3"),
    ("labelme", labelme(imageHeight=1.5), "of the top level must be whole numbers from 1"),
    ("labelme", labelme(shapes=labelme()["shapes"] * 2), r"shapes\[1\] is a second 'a'; give it a"),
    ("slicer", markup(coordinateSystem="XYZ"), r"'coordinateSystem' of markups\[0\] must be 'LPS'"),
    ("slicer", markup(coordinateUnits="um"), r"'coordinateUnits' of markups\[0\] must be 'mm'"),
    ("slicer", markup({"position": [1, 2]}), r"'position' of .* must be three numbers"),
    ("slicer", markup({"label": ""}), r"'label' of .* must be a name of its own"),
    ("aariz", aariz(value={"x": 1}), r"'y' of 'value' of landmarks\[0\] must be a number"),
    ("aariz", aariz(symbol=None), r"'symbol' of landmarks\[0\] must be a text"),
    ("cvat", "<annotations>", "is no XML: no element found: line 1"),
    ("cvat", '<?xml version="1.0" encoding="foo"?><a/>', "is no XML: unknown encoding"),
    ("cvat", "<a/>", "line 1: <annotations> expected, got <a>"),
    ("cvat", "<annotations>\n<track/></annotations>", "line 2: tracks of a video are not read"),
    ("cvat", cvat("", "<image>"), "line 2: an <image> has a name"),
    ("cvat", cvat("", '<image name="a" width="x" height="2">'), "line 2: height and width are"),
    (
        "cvat",
        cvat('<points label="a" points="1;2"/>'),
        "line 3: 'points' are x,y;x,y;..., got '1;2'",
    ),
    ("cvat", cvat('<points label="a" points="1,b"/>'), "line 3: 'points' are x,y"),
    ("cvat", cvat('<points points="1,2"/>'), "line 3: <points> have a label"),
    ("cvat", cvat('<points label="a" points="1,2" occluded="x"/>'), "line 3: 'occluded' is 0 or 1"),
    ("cvat", cvat('<points label="a" points="1,2"/>\n' * 2), "line 4: 'a.png' has a second 'a'"),
    (
        "cvat",
        cvat('<skeleton><points label="a" points="1,2;3,4"/></skeleton>'),
        "line 3: an element of a skeleton is 1 point, got 2",
    ),
    ("deeplabcut", SCORER + "coords,x,y\n", "the header rows bodyparts and coords are missing"),
    ("deeplabcut", SCORER + "img,1,2\n", "line 2: the header rows are scorer"),
    ("deeplabcut", "bodyparts,a,a\ncoords,x\n", r"the header rows have \[2, 3\] fields"),
    ("deeplabcut", "bodyparts,a,a\ncoords,x,z\n", "column 3 is 'z' of 'a'"),
    ("deeplabcut", "bodyparts,a,b\ncoords,x,y\n", "'a' has no x or no y"),
    ("deeplabcut", "bodyparts,a,a\ncoords,x,y\np,1\n", "line 3: 3 fields expected, got 2"),
    ("deeplabcut", "bodyparts,a,a\ncoords,x,y\np,1,b\n", "line 3, 'a': x and y must both be"),
    ("deeplabcut", "bodyparts,a,a\ncoords,x,y\n,1,2\n", "line 3: the picture '' is blank"),
    ("tps", "", "has no specimens: no line LM="),
    ("tps", "1 2\n", "line 1: LM= expected, got '1 2'"),
    ("tps", "LM=x\n", "line 1: LM= has a whole number, got 'x'"),
    ("tps", "LM3=1\n1 2 3\n", "line 1: LM3= has points in space"),
    ("tps", "LM=2\n1 2\nIMAGE=a.png\n", "line 1: 2 points expected, got 1"),
    ("tps", "LM=1\n1 b\nIMAGE=a.png\n", "line 2: a point is two numbers, got '1 b'"),
    ("tps", "LM=1\n1 2\n", "line 1: the specimen has neither IMAGE= nor ID="),
    ("tps", "LM=1\n1 2\nID=a.png\nSCALE=-1\n", "line 4: mm per pixel must be a number above 0"),
    (
        "tps",
        tps_comment('"shape": [null, 2]'),
        r"line 4: 'shape' of the comment is \[height, width\]",
    ),
    ("tps", tps_comment('"shape": ["a", 2, 3]'), "line 4: 'shape' of the comment is"),
    ("tps", tps_comment('"names": [[1]]'), r"line 4: 'names' of the comment is a list of names"),
    ("tps", tps_comment('"names": "ab"'), "line 4: 'names' of the comment is a list of names"),
    ("tps", "LM=0\nID=a.png\nLM=0\nID=a.png\n", "line 3: 'a.png' is there twice"),
]


@pytest.mark.parametrize(("format", "content", "message"), CASES)
def test_errors_name_the_file_and_the_place(tmp_path, format, content, message):
    file = put(tmp_path / f"marks{FORMATS[format].suffix}", content)
    with pytest.raises(ValueError, match=message) as caught:
        read_landmarks(file, format, spacing=0.1, shapes={"a.png": (9, 9)})
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
def test_files_that_are_not_there_are_named(tmp_path, format):
    for given in (format, None):
        with pytest.raises(FileNotFoundError, match="nowhere"):
            read_landmarks(tmp_path / "nowhere", given, spacing=1.0)


@pytest.mark.parametrize("format", [n for n, f in FORMATS.items() if f.suffix.endswith("json")])
def test_broken_json_is_named(tmp_path, format):
    for text in ("{", "[" * 100_000):
        file = put(tmp_path / "a.json", text)
        with pytest.raises(ValueError, match=r"a\.json"):
            read_landmarks(file, format, spacing=1.0)


def test_xml_with_entities_is_refused_before_they_grow(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]>\n<annotations>&y;</annotations>'
    for text in (bomb, '<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations/>'):
        with pytest.raises(ValueError, match="line 1: a document type declaration is not read"):
            read_landmarks(put(tmp_path / "a.xml", text), "cvat")


@pytest.mark.parametrize("content", ["", "hello", "{}", "[1]", "<html></html>", "a,b\n1,2\n"])
def test_what_is_no_file_of_landmarks_is_refused(tmp_path, content):
    with pytest.raises(ValueError, match=r"a\.txt is no file of landmarks that acetate knows"):
        sniff_format(put(tmp_path / "a.txt", content))


def test_words_that_are_not_known_come_with_the_nearest(tmp_path):
    file = put(tmp_path / "a.csv", "image,name,x,y\n")
    with pytest.raises(ValueError, match="got 'cocoa'; the nearest is 'coco'"):
        read_landmarks(file, "cocoa")
    with pytest.raises(ValueError, match="origin must be 'corner' or 'centre', got 'center'"):
        read_landmarks(file, origin="center")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_landmarks(file, pictures=tmp_path / "nowhere")


def test_folders_need_files_for_different_pictures(tmp_path):
    with pytest.raises(ValueError, match=r"has no files \*\.json"):
        read_landmarks(tmp_path, "labelme")
    for name in ("a.json", "b.json"):
        put(tmp_path / name, labelme())
    with pytest.raises(ValueError, match=r"two files are about the picture 'a\.png'"):
        read_landmarks(tmp_path)


def test_slicer_needs_points_of_one_plane(tmp_path):
    points = [{"label": str(z), "position": [1, 2, z]} for z in (0, 1)]
    file = put(tmp_path / "a.mrk.json", markup(controlPoints=points))
    with pytest.raises(ValueError, match="the z of all points must be one: a picture is a plane"):
        read_landmarks(file, spacing=1.0)


BARE = LandmarkSet(["a"], ["p.png", "q.png"], [[[1, 2]], [[3, 4]]])
FULL = LandmarkSet(["a"], ["p.png"], [[[1, 2]]], None, [0.1], [(9, 9)])


@pytest.mark.parametrize(
    ("format", "marks", "message"),
    [
        ("coco", BARE, r"COCO needs the size of 'p\.png'"),
        ("cvat", BARE, r"CVAT needs the size of 'p\.png'"),
        ("label-studio", BARE, r"the size of 'p\.png' is needed"),
        ("tps", BARE, r"the height of 'p\.png' is needed"),
        ("slicer", BARE, r"the spacing of 'p\.png' is needed"),
        ("tps", FULL.with_points([[[-1, 12]]]), "negative coordinates"),
        ("deeplabcut", LandmarkSet(["single/a"], ["p"], [[[1, 2]]]), "got the name 'single/a'"),
        ("csv-wide", LandmarkSet(["a\nb"], ["p"], [[[1, 2]]]), "would be read back as"),
        ("cvat", LandmarkSet(["a#3"], ["p"], [[[1, 2]]], shapes=[(9, 9)]), "objects are numbered"),
        ("tps", LandmarkSet(["a"], [" p"], [[[1, 2]]], shapes=[(9, 9)]), "without blanks around"),
        ("cvat", LandmarkSet(["\x01"], ["p"], [[[1, 2]]], shapes=[(9, 9)]), "control characters"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_left(tmp_path, format, marks, message):
    with pytest.raises(ValueError, match=message):
        write_landmarks(tmp_path / "marks", marks, format)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../p.png", "/p.png"])
def test_files_for_each_picture_stay_in_their_folder(tmp_path, name):
    with pytest.raises(ValueError, match="leads out of"):
        write_landmarks(tmp_path / "marks", LandmarkSet(["a"], [name], [[[1, 2]]]), "labelme")
    with pytest.raises(ValueError, match=r"a\.json is one file, and there are 2 pictures"):
        write_landmarks(tmp_path / "a.json", BARE, "labelme")
    twins = LandmarkSet(["a"], ["p.png", "p.jpg"], [[[1, 2]], [[3, 4]]])
    with pytest.raises(ValueError, match="two pictures are called 'p' but for their suffix"):
        write_landmarks(tmp_path / "marks", twins, "labelme")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "has a column for the picture, one of"),
        ("image,b\n", "has a column for the spacing, one of"),
        ("image,spacing\np\n", "line 2: 2 fields expected"),
        ("image,spacing\np,0.1\np,0.2\n", "line 3: 'p' is there twice"),
        ("image,spacing\np,x\n", "line 2: mm per pixel must be a number above 0, got 'x'"),
    ],
)
def test_tables_of_spacings_are_checked(tmp_path, text, message):
    file = put(tmp_path / "mm.csv", text)
    with pytest.raises(ValueError, match=message) as caught:
        read_spacings(file)
    assert "mm.csv" in str(caught.value)


def test_a_mean_needs_annotators():
    with pytest.raises(ValueError, match="there are no annotators"):
        mean_of_annotators({})
