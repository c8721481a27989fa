"""Every format gives back what it can say, and says where it puts the first pixel."""

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acetate import images
from acetate.sheets import LandmarkSet
from acetate.sheets.formats import (
    FORMATS,
    match_pictures,
    read_aariz,
    read_landmarks,
    read_spacings,
    sniff_format,
    write_landmarks,
)
from acetate.sheets.formats.pictures import PictureNames, pair_pictures

MOUSE = Path(__file__).parents[2] / "../shared/data/mouse"
NAN = float("nan")
PICTURES = ("a.png", "folder/b, 2.png", "folder/ö%20 &<c>.tif")
SHAPES = ((40, 60), (480, 33), (7, 5000))

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8
).filter(lambda name: not set("#/\\") & set(name))


@st.composite
def sets(draw):
    names = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    shape = (len(PICTURES), len(names))
    numbers = draw(
        st.lists(st.floats(-100, 5000), min_size=2 * len(PICTURES) * len(names), max_size=40)
    )
    points = np.resize(numbers, (*shape, 2)).astype(float)
    flat = draw(st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=12))
    visibility = np.resize(flat, shape)
    points[visibility == 0] = np.nan
    spacing = draw(st.lists(st.floats(0.01, 10) | st.just(NAN), min_size=3, max_size=3))
    return LandmarkSet(names, PICTURES, points, visibility, spacing, SHAPES)


def as_kept(marks, format):
    """What a format can say of a set."""
    keeps = FORMATS[format].keeps
    if "hidden" not in keeps:
        marks = replace(marks, visibility=np.where(marks.missing, 0, 2))
    if "shape" not in keeps:
        marks = replace(marks, shapes=(None,) * len(marks))
    if "spacing" not in keeps:
        marks = replace(marks, spacing=np.full(len(marks), np.nan))
    if "names" not in keeps:
        seen = [name for k, name in enumerate(marks.names) if not marks.missing[:, k].all()]
        marks = marks.select(names=seen)
    return marks


def assert_same(found, expected, scale=1.0):
    assert set(found.names) == set(expected.names)
    found = found.select(names=expected.names)
    assert found.pictures == expected.pictures
    assert found.visibility.tolist() == expected.visibility.tolist()
    np.testing.assert_allclose(found.points, expected.points, atol=1e-8 * scale)
    assert found.shapes == expected.shapes
    np.testing.assert_array_equal(found.spacing, expected.spacing)


def spelled_plainly(marks):
    """The set with pictures whose names are what formats with a file for each picture can find."""
    return replace(marks, pictures=("a.png", "folder/b.png", "folder/c.d.png"))


def has_point_beyond_the_lower_left_corner(marks, origin):
    offset = 0.5 if origin == "centre" else 0.0
    up = np.array(SHAPES)[:, :1] - marks.points[..., 1] - offset
    return bool(((up < 0) & (marks.points[..., 0] - offset < 0)).any())


@pytest.mark.parametrize("origin", ["corner", "centre", None])
@pytest.mark.parametrize("format", [n for n, f in FORMATS.items() if "pictures" in f.keeps])
@given(marks=sets())
def test_sets_go_round(tmp_path, format, origin, marks):
    if FORMATS[format].per_picture:
        marks = spelled_plainly(marks)
    target = tmp_path / ("folder" if FORMATS[format].per_picture else "file")
    if format == "tps" and has_point_beyond_the_lower_left_corner(marks, origin):
        with pytest.raises(ValueError, match="TPS means missing by negative coordinates"):
            write_landmarks(target, marks, format, origin=origin)
        return
    write_landmarks(target, marks, format, origin=origin)
    assert_same(read_landmarks(target, format, origin=origin), as_kept(marks, format))


@pytest.mark.parametrize("format", ["slicer", "aariz"])
@given(marks=sets())
def test_files_that_do_not_name_their_picture_go_round(tmp_path, format, marks):
    marks = replace(spelled_plainly(marks), spacing=np.array([0.1, 2.0, 0.25]))
    pictures = tmp_path / "pictures"
    for name in marks.pictures:
        (pictures / name).parent.mkdir(exist_ok=True, parents=True)
        images.write(pictures / name, np.zeros((4, 6), np.uint8))
    write_landmarks(tmp_path / "marks", marks, format)
    spacing = dict(zip(marks.pictures, marks.spacing.tolist(), strict=True))
    found = read_landmarks(tmp_path / "marks", format, spacing=spacing, pictures=pictures)
    expected = as_kept(marks, format)
    expected = replace(expected, shapes=((4, 6),) * 3, spacing=marks.spacing)
    if format == "aariz":  # a picture without points is in no file's name but its own
        assert found.pictures == expected.pictures
    assert_same(found, expected)


@pytest.mark.parametrize("format", FORMATS)
def test_formats_are_known_by_their_content(tmp_path, format):
    marks = LandmarkSet(["l", "r"], ["a.png"], [[[1, 2], [3, 4]]], None, [0.5], [(9, 9)])
    write_landmarks(tmp_path / f"a{FORMATS[format].suffix}", marks, format)
    assert sniff_format(tmp_path / f"a{FORMATS[format].suffix}") == format
    (tmp_path / "renamed").write_bytes((tmp_path / f"a{FORMATS[format].suffix}").read_bytes())
    assert sniff_format(tmp_path / "renamed") == format


@pytest.mark.parametrize(
    ("suffix", "format"),
    [
        (".csv", "csv"),
        (".json", "coco"),
        (".xml", "cvat"),
        (".tps", "tps"),
        (".mrk.json", "slicer"),
    ],
)
def test_suffixes_say_what_to_write(tmp_path, suffix, format):
    marks = LandmarkSet(["nose"], ["a.png"], [[[1, 2]]], None, [0.5], [(9, 9)])
    write_landmarks(tmp_path / f"a{suffix}", marks)
    assert sniff_format(tmp_path / f"a{suffix}") == format
    with pytest.raises(ValueError, match=r"a\.txt does not say its format"):
        write_landmarks(tmp_path / "a.txt", marks)


@pytest.mark.parametrize("format", FORMATS)
def test_the_origin_can_be_said(tmp_path, format):
    """The same file read with the other origin is half a pixel off, in both axes."""
    marks = LandmarkSet(["nose"], ["a"], [[[10.0, 20.0]]], None, [1.0], [(50, 60)])
    file = tmp_path / f"a{FORMATS[format].suffix}"
    write_landmarks(file, marks, format)
    for origin, offset in (("corner", 0.0), ("centre", 0.5)):
        own = 0.5 if FORMATS[format].origin == "centre" else 0.0
        found = read_landmarks(file, format, origin=origin, spacing=1.0)
        up = -1 if format == "tps" else 1
        expected = [10 + offset - own, 20 + up * (offset - own)]
        assert found.points[0, 0].tolist() == pytest.approx(expected)


def put(path, text):
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


def test_label_studio_reads_exports_as_they_come(tmp_path):
    def mark(name, x, y, **more):
        value = {"x": x, "y": y, "width": 0.3, "keypointlabels": [name]}
        return {
            "type": "keypointlabels",
            "original_width": 200,
            "original_height": 100,
            "value": value,
            **more,
        }

    box = {"type": "rectanglelabels", "value": {"x": 1, "y": 2, "rectanglelabels": ["box"]}}
    tasks = [
        {
            "data": {"image": "/data/upload/3/0a1b2c3d-xray_7.png"},
            "annotations": [
                {"result": [mark("P1", 10, 20), box]},
                {"was_cancelled": True, "result": [mark("P1", 90, 90)]},
                {"result": [mark("P1", 12, 20), mark("P2", 50, 50)]},
            ],
            "predictions": [{"result": [mark("P2", 1, 1)]}],
        },
        {"data": {"image": "https://x.org/y/z.jpg?sig=1"}, "annotations": []},
    ]
    found = read_landmarks(put(tmp_path / "a.json", tasks))
    assert found.pictures == ("xray_7.png", "z.jpg")
    assert found.names == ("P1", "P2")
    assert found.points[0].tolist() == [[22, 20], [100, 50]]
    assert found.missing[1].all()
    assert found.shapes == ((100, 200), None)
    least = [
        {
            "image": "/data/local-files/?d=rays/a%20b.png",
            "kp": [{**mark("P1", 0, 0)["value"], "original_width": 8, "original_height": 4}],
            "id": 3,
        }
    ]
    found = read_landmarks(put(tmp_path / "min.json", least))
    assert (found.pictures, found.points.tolist()) == (("rays/a b.png",), [[[0, 0]]])


def test_sizes_that_a_file_lacks_come_from_the_pictures(tmp_path):
    images.write(tmp_path / "a.png", np.zeros((100, 200), np.uint8))
    value = {"x": 10, "y": 20, "keypointlabels": ["P1"]}
    task = [{"data": {"image": "a.png"}, "annotations": [{"result": [{"value": value}]}]}]
    file = put(tmp_path / "marks.json", task)
    assert read_landmarks(file, pictures=tmp_path).points.tolist() == [[[20, 20]]]
    assert read_landmarks(file, shapes={"a": (10, 20)}).points.tolist() == [[[2, 2]]]
    with pytest.raises(
        ValueError, match=r"percents of 'a.png', whose size is needed: pass the folder"
    ):
        read_landmarks(file)


def test_labelme_has_groups_and_flags(tmp_path):
    def shape(label, x, y, **more):
        return {"label": label, "points": [[x, y]], "shape_type": "point", **more}

    polygon = {"label": "cell", "points": [[0, 0], [1, 1], [2, 0]], "shape_type": "polygon"}
    content = {
        "imagePath": "..\\rays\\a.png",
        "imageHeight": 30,
        "imageWidth": 40,
        "shapes": [
            shape("nose", 1, 2, group_id=4),
            polygon,
            shape("nose", 3, 4, group_id=7, flags={"occluded": True}),
        ],
    }
    found = read_landmarks(put(tmp_path / "a.json", content))
    assert found.names == ("nose", "nose#2")
    assert found.visibility.tolist() == [[2, 1]]
    assert found.pictures == ("../rays/a.png",)


def test_cvat_has_points_and_skeletons(tmp_path):
    text = """<?xml version="1.0"?><annotations><version>1.1</version>
<meta><task><labels><label><name>s</name><type>skeleton</type></label>
<label><name>tail</name><type>points</type><parent>s</parent></label></labels></task></meta>
<image id="0" name="a.jpg" width="60" height="40">
<box label="plate" xtl="1" ytl="1" xbr="2" ybr="2" occluded="0"></box>
<points label="wheel" points="1.5,2;3,4" occluded="0"></points>
<points label="nose" points="5,6" occluded="1"></points>
<skeleton label="s"><points label="1" outside="0" occluded="0" points="7,8"/>
<points label="2" outside="1" occluded="0" points="0,0"/></skeleton>
<skeleton label="s"><points label="1" outside="0" occluded="0" points="9,10"/></skeleton>
</image><image id="1" name="b.jpg" width="60" height="40"></image></annotations>"""
    found = read_landmarks(put(tmp_path / "a.xml", text))
    assert found.names == ("tail", "1", "2", "1#2", "wheel 1", "wheel 2", "nose")
    assert found.visibility[0].tolist() == [0, 2, 0, 2, 2, 2, 1]
    assert found.points[0, 5].tolist() == [3, 4]
    assert found.missing[1].all()


def test_deeplabcut_has_individuals_and_pictures_in_three_columns(tmp_path):
    text = (
        "scorer,,,me,me,me,me,me,me\nindividuals,,,m1,m1,m2,m2,single,single\n"
        "bodyparts,,,nose,nose,nose,nose,corner,corner\ncoords,,,x,y,x,y,x,y\n"
        "labeled-data,video,img1.png,1,2,,,5,6\n"
    )
    found = read_landmarks(put(tmp_path / "a.csv", text))
    assert found.names == ("m1/nose", "m2/nose", "corner")
    assert found.pictures == ("labeled-data/video/img1.png",)
    assert found.points[0, 0].tolist() == [1.5, 2.5]
    assert found.missing.tolist() == [[False, True, False]]


def test_predictions_of_deeplabcut_have_a_likelihood(tmp_path):
    text = (
        "scorer,net,net,net\nbodyparts,nose,nose,nose\ncoords,x,y,likelihood\n"
        "0,1,2,0.9\n1,3,4,0.1\n"
    )
    found = read_landmarks(put(tmp_path / "a.csv", text), origin="corner")
    assert (found.pictures, found.points.tolist()) == (("0", "1"), [[[1, 2]], [[3, 4]]])


@pytest.mark.skipif(not MOUSE.exists(), reason="needs shared data")
def test_the_mouse_is_read_and_its_pictures_are_there(tmp_path):
    mouse = read_landmarks(MOUSE / "CollectedData.csv", pictures=MOUSE)
    assert (len(mouse), len(mouse.names)) == (90, 17)
    assert mouse.points[0, 0].tolist() == [77.75, 36.75]
    assert set(mouse.shapes) == {(406, 396)}
    assert all(match_pictures(mouse.pictures, MOUSE).values())
    write_landmarks(tmp_path / "again.csv", mouse, "deeplabcut")
    assert read_landmarks(tmp_path / "again.csv", pictures=MOUSE) == mouse


def test_tps_counts_upwards_and_has_missing_points(tmp_path):
    text = (
        "LM=3\n10 30\n-1 -1\nNA NA\nCURVES=1\nPOINTS=2\n1 1\n2 2\nIMAGE=wing.jpg\nID=0\n"
        "SCALE=0.02\nlm=3\n1 2\n-0.5 4\n5 6\nID=fly\n"
    )
    file = put(tmp_path / "a.tps", text)
    found = read_landmarks(file, shapes={"wing.jpg": (100, 80), "fly": (100, 80)})
    assert found.names == ("1", "2", "3")
    assert found.pictures == ("wing.jpg", "fly")
    assert found.points[0, 0].tolist() == [10, 70]
    assert found.missing.tolist() == [[False, True, True], [False, False, False]]
    assert found.points[1, 1].tolist() == [-0.5, 96]  # outside, not missing
    np.testing.assert_array_equal(found.spacing, [0.02, NAN])
    named = read_landmarks(file, names=["a", "b", "c"], shapes={"wing": (9, 9), "fly": (9, 9)})
    assert named.names == ("a", "b", "c")
    with pytest.raises(ValueError, match=r"a.tps, line 1: TPS counts y upwards"):
        read_landmarks(file)


@pytest.mark.parametrize(("system", "sign"), [("LPS", 1), ("RAS", -1), (0, -1)])
def test_slicer_has_millimetres_of_two_systems(tmp_path, system, sign):
    points = [
        {"label": "nose", "position": [sign * 5.0, sign * 10.0, 3.0], "positionStatus": "defined"},
        {"label": "tail", "positionStatus": "undefined"},
        {"label": "ear", "position": [0, 0, 3.0], "visibility": False},
    ]
    content = {"markups": [{"coordinateSystem": system, "controlPoints": points}]}
    found = read_landmarks(put(tmp_path / "a.b.mrk.json", content), spacing=0.5)
    assert found.points[0, 0].tolist() == [10.5, 20.5]
    assert found.visibility.tolist() == [[2, 0, 1]]
    assert found.pictures == ("a.b",)
    with pytest.raises(ValueError, match=r"has millimetres: pass the spacing of 'a.b'"):
        read_landmarks(tmp_path / "a.b.mrk.json")


def test_aariz_has_annotators_and_a_table(tmp_path):
    def annotate(who, ceph, points):
        folder = tmp_path / "train/Annotations/Cephalometric Landmarks" / who
        folder.mkdir(parents=True, exist_ok=True)
        marks = [
            {"landmark_id": "x", "title": f"{s}-point", "symbol": s, "value": {"x": x, "y": y}}
            for s, x, y in points
        ]
        put(folder / f"{ceph}.json", {"ceph_id": ceph, "landmarks": marks})
        return folder.parent

    annotate("Junior Orthodontists", "c1", [("A", 10, 20), ("N", 1, 1)])
    root = annotate("Senior Orthodontists", "c1", [("N", 3, 1), ("A", 13, 24)])
    annotate("Senior Orthodontists", "c2", [("A", 5, 5)])
    put(
        tmp_path / "cephalogram_machine_mappings.csv",
        "cephalogram_id,machine,pixel_size\nc1,X,0.1\nc2,Y,0.139\n",
    )
    both = read_aariz(root)
    assert both.annotators == ("Junior Orthodontists", "Senior Orthodontists")
    assert both.landmarks.points[0].tolist() == [[12, 22.5], [2.5, 1.5]]
    assert both.spread[0].tolist() == pytest.approx([5 / np.sqrt(2), np.sqrt(2)])
    assert np.isnan(both.spread[1]).all()
    assert both.landmarks.spacing.tolist() == [0.1, 0.139]
    assert read_landmarks(root) == both.landmarks
    assert read_landmarks(root, spacing=1.0).spacing.tolist() == [1, 1]
    senior = read_landmarks(root / "Senior Orthodontists")
    assert senior.points[0, 0].tolist() == [3.5, 1.5]


def test_csv_tables_take_what_spreadsheets_give(tmp_path):
    wide = read_landmarks(put(tmp_path / "a.csv", "file;x1;y1;x2;y2\na;1;2;;\n"))
    assert (wide.names, wide.missing.tolist()) == (("1", "2"), [[False, True]])
    long = read_landmarks(
        put(
            tmp_path / "b.csv",
            "confidence,picture,landmark,x,y,visibility,mm_per_px,height,width\n"
            "0.9,a,nose,1,2,1,0.1,20,30\n0.1,a,tail,3,4,0,0.1,20,30\n",
        )
    )
    assert long.visibility.tolist() == [[1, 0]]
    assert long.spacing.tolist() == [0.1]
    assert long.shapes == ((20, 30),)


def test_names_choose_and_order(tmp_path):
    file = put(tmp_path / "a.csv", "image,b_x,b_y,a_x,a_y\np,1,2,3,4\n")
    assert read_landmarks(file).names == ("b", "a")
    marks = read_landmarks(file, names=["a", "c", "b"], mirror=[("a", "b")])
    assert marks.names == ("a", "c", "b")
    assert marks.missing.tolist() == [[False, True, False]]
    assert marks.mirror == {"a": "b", "b": "a"}
    with pytest.raises(ValueError, match=r"a.csv: there is no landmark 'b'"):
        read_landmarks(file, names=["a"])


def test_spacings_come_from_a_table_by_name_or_stem(tmp_path):
    table = put(tmp_path / "mm.csv", "image,machine,pixel_size\nsub/a,X,0.1\nb.png,Y,\nc,Z,0.3\n")
    assert read_spacings(table) == {"sub/a": 0.1, "c": 0.3}
    file = put(tmp_path / "a.csv", "image,n_x,n_y\nsub/a,1,2\nb.png,3,4\nd/c.tif,5,6\n")
    np.testing.assert_array_equal(read_landmarks(file, spacing=table).spacing, [0.1, NAN, 0.3])


def test_pictures_are_found_by_path_name_and_stem(tmp_path):
    for name in ("x/a.png", "x/b.png", "y/b.png", "c.v2.tif"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = match_pictures(["x/b.png", "y/b", "C:\\rays\\a.png", "a.jpg", "c.v2", "z"], tmp_path)
    there = [file and file.relative_to(tmp_path).as_posix() for file in found.values()]
    assert there == ["x/b.png", "y/b.png", "x/a.png", "x/a.png", "c.v2.tif", None]
    with pytest.raises(ValueError, match=r"'b.png' may be any of x/b.png, y/b.png"):
        match_pictures(["b.png"], tmp_path)


def test_one_name_among_many_is_the_nearest_by_its_folders(tmp_path):
    names = PictureNames(["p1/a.png", "p2/a.png", "b", "scan.001", "c.v2"])
    assert names.find("C:\\study\\p2\\a.jpg") == "p2/a.png"
    assert names.find("x/b.TIF") == "b"
    assert names.find("scan.002") is None
    assert names.find("c.v2.png") == "c.v2"
    with pytest.raises(ValueError, match=r"'a.png' may be any of p1/a.png, p2/a.png; name pict"):
        names.find("a.png")


def test_pictures_are_paired_one_to_one_best_fits_first():
    truth = ["p1/a.png", "p2/a.png", "p3/a.png", "b.png"]
    assert pair_pictures(truth, ["p1/a.png", "/x/p3/a.jpg", "q/b"]) == {
        "p1/a.png": "p1/a.png",
        "p3/a.png": "/x/p3/a.jpg",
        "b.png": "q/b",
    }
    for ours, theirs, message in (
        (["p1/a.png", "p2/a.png"], ["a.png"], "'a.png' may be any of p1/a.png, p2/a.png in ours"),
        (["a.png"], ["x/a.png", "y/a.png"], "'a.png' may be any of x/a.png, y/a.png in theirs"),
    ):
        with pytest.raises(ValueError, match=message):
            pair_pictures(ours, theirs, ("ours", "theirs"))


def test_a_table_of_spacings_is_of_these_pictures(tmp_path):
    file = put(tmp_path / "a.csv", "image,n_x,n_y\nrays\\00.png,1,2\n01.png,3,4\n")
    table = put(tmp_path / "mm.csv", "picture,mm_per_px\n00,0.1\nstudy/01.tif,0.2\n02,0.3\n")
    assert read_landmarks(file, spacing=table).spacing.tolist() == [0.1, 0.2]
    away = put(tmp_path / "away.csv", "picture,mm_per_px\n000,0.1\n")
    with pytest.raises(ValueError, match=r"no row of .*away.csv is one of these pictures: it has"):
        read_landmarks(file, spacing=away)
    with pytest.raises(ValueError, match=r"'01.png' may be any of x/01, y/01 in the spacings"):
        read_landmarks(file, spacing={"x/01": 0.1, "y/01": 0.2})


def test_a_picture_that_cannot_be_read_has_no_size(tmp_path):
    file = put(tmp_path / "a.csv", "image,n_x,n_y\na.png,1,2\nb.png,3,4\n")
    (tmp_path / "pictures").mkdir()
    put(tmp_path / "pictures/a.png", "no picture")
    images.write(tmp_path / "pictures/b.png", np.zeros((4, 5), np.uint8))
    assert read_landmarks(file, pictures=tmp_path / "pictures").shapes == (None, (4, 5))


def test_many_pictures_of_one_name_are_told_by_their_folders_in_time():
    """A folder for each patient, each with a picture of one name; all pairs would take minutes."""
    ours = [f"{i}/ray.png" for i in range(20_000)]
    began = time.process_time()
    for theirs in ([f"/data/{name}" for name in ours], [f"{i}\\\\ray" for i in range(20_000)]):
        assert list(pair_pictures(ours, theirs).values()) == theirs
    assert time.process_time() - began < 20
