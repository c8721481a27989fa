import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acetate.sheets import Keypoint, KeypointsOnImage
from acetate.sheets.formats import read_coco, read_csv, write_coco, write_csv

NAN = float("nan")

places = st.floats(-100, 5000) | st.just(NAN)
names = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8
    ).filter(lambda name: "#" not in name),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def sheets(draw):
    """Two images with landmarks of the same names."""
    called = draw(names)

    def point(name):
        x = draw(places)
        y = NAN if np.isnan(x) else draw(st.floats(-100, 5000))
        return Keypoint(x, y, name, visible=np.isnan(x) or draw(st.booleans()))

    return {
        image: KeypointsOnImage([point(name) for name in called], (40, 60))
        for image in ("a.png", "folder/b, 2.png")
    }


def assert_same(found, expected):
    assert [p.name for p in found] == [p.name for p in expected]
    for a, b in zip(found, expected, strict=True):
        assert a.missing == b.missing
        if not b.missing:
            assert (a.x, a.y) == pytest.approx((b.x, b.y), abs=1e-9)


@given(sheets(), st.sampled_from(["corner", "centre"]))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_tables_go_round(tmp_path, given_sheets, origin):
    write_csv(tmp_path / "points.csv", given_sheets, origin)
    found = read_csv(tmp_path / "points.csv", origin=origin)
    assert list(found) == list(given_sheets)
    for image, sheet in given_sheets.items():
        assert_same(found[image], sheet)


@given(sheets(), st.sampled_from(["corner", "centre"]))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_coco_goes_round(tmp_path, given_sheets, origin):
    write_coco(tmp_path / "points.json", given_sheets, origin)
    found = read_coco(tmp_path / "points.json", origin)
    assert list(found) == list(given_sheets)
    for image, sheet in given_sheets.items():
        assert_same(found[image], sheet)
        assert found[image].shape == (40, 60)
        assert found[image].visible == sheet.visible


@pytest.fixture
def table(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "points.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_table_is_read_as_it_stands(table):
    path = table("image,name,x,y\na.png,nose,1.5,2\n\n a.png , ear ,,\nb.png,ear,nan,NaN\n")
    found = read_csv(path)
    assert list(found) == ["a.png", "b.png"]
    assert found["a.png"][0] == Keypoint(1.5, 2, "nose")
    assert found["a.png"][1].name == "ear"
    assert found["a.png"][1].missing


def test_every_image_has_all_names_in_one_order(table):
    path = table("image,name,x,y\na,nose,1,2\nb,ear,3,4\nb,nose,5,6\n")
    found = read_csv(path)
    assert [p.name for p in found["a"]] == [p.name for p in found["b"]] == ["nose", "ear"]
    assert found["a"][1].missing
    ordered = read_csv(path, names=["tail", "ear", "nose"])
    assert [(p.name, p.missing) for p in ordered["b"]] == [
        ("tail", True),
        ("ear", False),
        ("nose", False),
    ]


def test_origins_of_tables(table):
    path = table("image,name,x,y\na,nose,0,2\n")
    assert read_csv(path)["a"][0] == Keypoint(0, 2, "nose")
    assert read_csv(path, origin="centre")["a"][0] == Keypoint(0.5, 2.5, "nose")


def test_tables_may_come_from_a_spreadsheet(table):
    path = table("image,name,x,y\r\na,Nase größer,1,2\r\n", "utf-8-sig")
    assert read_csv(path)["a"][0].name == "Nase größer"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "points.csv, line 1: a column must be called image or .*, got $"),
        ("file,x,y\n", "line 1: a column must be called name or .*, got file,x,y"),
        ("image,name,x,y\na,nose,1\n", "line 2: 4 fields expected, got 3"),
        ("image,name,x,y\n\n,nose,1,2\n", "line 3: a row has a picture and a name"),
        ("image,name,x,y\na,,1,2\n", "line 2: a row has a picture and a name"),
        ("image,name,x,y\na,nose,1,\n", "line 2: x and y must both be numbers.*got '1' and ''"),
        ("image,name,x,y\na,nose,one,2\n", "line 2: x and y must both be numbers.*'one' and '2'"),
        ("image,name,x,y\na,nose,inf,2\n", "line 2: x and y must both be numbers"),
        ("image,name,x,y\na,nose,nan,2\n", "line 2: x and y must both be numbers"),
        ("image,name,x,y\na,nose,1,2\na,nose,3,4\n", "line 3: 'a' has a second row for 'nose'"),
        ('image,name,x,y\na,"nose,1,2\n', r"points.csv, line \d: unexpected end of data"),
    ],
)
def test_bad_rows_are_named(table, text, message):
    with pytest.raises(ValueError, match=message):
        read_csv(table(text))


def test_unknown_names_are_named(table):
    path = table("image,name,x,y\na,nase,1,2\n")
    with pytest.raises(ValueError, match=r"line 2: the name must be one of \['nose'\], got 'nase'"):
        read_csv(path, names=["nose"])


def test_other_encodings_are_refused(table):
    with pytest.raises(ValueError, match=r"points.csv is not a text file in UTF-8"):
        read_csv(table("image,name,x,y\na,größe,1,2\n", "latin-1"))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([], "'a.png' has none"),
        ([Keypoint(1, 2)], "'a.png' has a landmark without a name"),
        ([Keypoint(1, 2, "a"), Keypoint(1, 2, "a")], "'a.png' has a landmark 'a' twice"),
    ],
)
def test_tables_need_each_name_once(tmp_path, points, message):
    path = tmp_path / "points.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match=message):
        write_csv(path, {"a.png": points})
    assert path.read_text() == "old"


def test_tables_of_other_columns_are_read_and_what_is_hidden_is_kept(table, tmp_path):
    text = "image,name,x,y,height,width,mm_per_px,visibility\na.png,nose,1,2,9,9,0.1,1\n"
    found = read_csv(table(text))
    assert found == {"a.png": (Keypoint(1, 2, "nose", visible=False),)}
    write_csv(tmp_path / "again.csv", found)
    assert read_csv(tmp_path / "again.csv") == found


@pytest.mark.parametrize("use", [read_csv, read_coco])
def test_missing_files_and_unknown_origins(tmp_path, use):
    with pytest.raises(FileNotFoundError):
        use(tmp_path / "none")
    with pytest.raises(ValueError, match="origin must be 'corner' or 'centre', got 'middle'"):
        use(tmp_path / "none", origin="middle")


def coco(**changes):
    document = {
        "images": [
            {"id": 1, "file_name": "a.png", "width": 60, "height": 40},
            {"id": "two", "file_name": "b.png", "width": 30, "height": 20},
        ],
        "annotations": [
            {"id": 7, "image_id": 1, "category_id": 5, "keypoints": [10, 20, 2, 0, 0, 0]},
            {"id": 8, "image_id": 1, "category_id": 5, "keypoints": [30, 20, 1, 4.5, 5, 2]},
            {"id": 9, "image_id": 1, "category_id": 6, "bbox": [0, 0, 1, 1]},
        ],
        "categories": [
            {"id": 5, "name": "cat", "keypoints": ["nose", "tail"]},
            {"id": 6, "name": "box"},
        ],
    }
    return document | changes


@pytest.fixture
def json_file(tmp_path):
    def write(document):
        path = tmp_path / "points.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return write


def test_coco_is_read_object_by_object(json_file):
    found = read_coco(json_file(coco()))
    assert list(found) == ["a.png", "b.png"]
    sheet = found["a.png"]
    assert sheet.shape == (40, 60)
    assert sheet.names == ("nose", "tail", "nose#2", "tail#2")
    assert sheet.missing.tolist() == [False, True, False, False]
    assert sheet.visible == (True, True, False, True)
    assert sheet.xy[[0, 2, 3]].tolist() == [[10.5, 20.5], [30.5, 20.5], [5, 5.5]]
    assert found["b.png"].empty
    assert found["b.png"].shape == (20, 30)


def test_coco_from_tools_that_mean_the_corner(json_file):
    sheet = read_coco(json_file(coco()), origin="corner")["a.png"]
    assert sheet.xy[0].tolist() == [10, 20]


def test_mirror_tables_hold_for_each_object(json_file):
    mirror = {"nose": "tail", "tail": "nose"}
    found = read_coco(json_file(coco()), mirror=mirror)
    assert found["a.png"].mirror == mirror | {"nose#2": "tail#2", "tail#2": "nose#2"}
    swapped = found["a.png"].swapped()
    assert swapped.xy[3].tolist() == found["a.png"].xy[2].tolist()
    assert found["b.png"].mirror == {}


def test_several_objects_go_round(json_file, tmp_path):
    found = read_coco(json_file(coco()))
    write_coco(tmp_path / "again.json", found)
    again = read_coco(tmp_path / "again.json")
    for image, sheet in found.items():
        assert again[image].names == sheet.names
        assert np.array_equal(again[image].xy, sheet.xy, equal_nan=True)
        assert again[image].visible == sheet.visible


def test_what_is_written_is_coco(tmp_path):
    points = [Keypoint(10, 20, "nose"), Keypoint(NAN, NAN, "ear"), Keypoint(30, 24, "tail", False)]
    write_coco(
        tmp_path / "points.json",
        {
            "a.png": KeypointsOnImage(points, (40, 60, 3)),
            "b.png": KeypointsOnImage([Keypoint(NAN, NAN, "paw")], (40, 60)),
        },
        category="cat",
    )
    document = json.loads((tmp_path / "points.json").read_text())
    assert document["images"][0] == {"id": 1, "file_name": "a.png", "width": 60, "height": 40}
    assert document["categories"] == [
        {"id": 1, "name": "cat", "keypoints": ["nose", "ear", "tail", "paw"], "skeleton": []}
    ]
    assert document["annotations"][0] == {
        "id": 1,
        "image_id": 1,
        "category_id": 1,
        "keypoints": [9.5, 19.5, 2, 0, 0, 0, 29.5, 23.5, 1, 0, 0, 0],
        "num_keypoints": 2,
        "bbox": [10, 20, 20, 4],
        "area": 80,
        "iscrowd": 0,
    }
    assert document["annotations"][1]["num_keypoints"] == 0
    assert document["annotations"][1]["bbox"] == [0, 0, 0, 0]


def test_a_name_that_only_some_images_have_is_missing_in_the_others(tmp_path):
    one = KeypointsOnImage([Keypoint(1, 2, "a")], (4, 4))
    other = KeypointsOnImage([Keypoint(1, 2, "b")], (4, 4))
    write_coco(tmp_path / "points.json", {"1": one, "2": other})
    found = read_coco(tmp_path / "points.json")
    assert found["2"].names == ("a", "b")
    assert found["2"].missing.tolist() == [True, False]


@pytest.mark.parametrize(
    "points", [[Keypoint(1, 2)], [Keypoint(1, 2, "a#2"), Keypoint(1, 2, "a#2")]]
)
def test_coco_needs_each_name_once(tmp_path, points):
    path = tmp_path / "points.json"
    path.write_text("old")
    with pytest.raises(ValueError, match=r"COCO needs landmarks with names, each once, .*'a.png'"):
        write_coco(path, {"a.png": KeypointsOnImage(points, (4, 4))})
    assert path.read_text() == "old"


IMAGE = {"id": 1, "file_name": "a.png", "width": 60, "height": 40}
OTHER = {"id": 2, "file_name": "b.png", "width": 60, "height": 40}
CATEGORY = {"id": 5, "keypoints": ["nose"]}


def annotation(**changes):
    return [{"id": 7, "image_id": 1, "category_id": 5, "keypoints": [0, 0, 2, 1, 1, 2]} | changes]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", r"points.json is no JSON: Expecting property name.*line 1"),
        ([1], r"points.json: the top level must be an object, got \[1\]"),
        ({}, "'images' must be a list, got None"),
        (coco(images={}), "'images' must be a list, got {}"),
        (coco(images=[1]), r"images\[0\] must be an object, got 1"),
        (coco(images=[IMAGE | {"id": None}]), r"'id' of images\[0\] \(id None\) must be a number"),
        (coco(images=[IMAGE, OTHER | {"id": 1}]), r"images\[1\] \(id 1\) has the id 1 of one bef"),
        (coco(images=[IMAGE | {"file_name": 3}]), r"'file_name' of .* must be a text, got 3"),
        (coco(images=[IMAGE, IMAGE | {"id": 2}]), r"\(id 2\) has the file_name 'a.png' of one"),
        (coco(images=[IMAGE | {"width": 0}]), r"\(height, width\) of .* from 1, got \(40, 0\)"),
        (coco(images=[IMAGE | {"height": "9"}]), r"whole numbers from 1, got \('9', 60\)"),
        (coco(categories=[CATEGORY, CATEGORY]), r"categories\[1\] \(id 5\) has the id 5 of one"),
        (coco(categories=[{"id": 5, "keypoints": "nose"}]), "must be a list of names, got 'nose'"),
        (coco(categories=[{"id": 5, "keypoints": [""]}]), r"must be a list of names, got \[''\]"),
        (coco(categories=[{"id": 5, "keypoints": ["a", "a"]}]), "has the name 'a' of one before"),
        (coco(categories=[{"id": 5, "keypoints": ["a#2"]}]), "do not end with '#'.*got 'a#2'"),
        (coco(annotations=annotation(image_id=4)), r"annotations\[0\] \(id 7\) has the unknown im"),
        (coco(annotations=annotation(image_id=[4])), "'image_id' of .* must be a number or a text"),
        (coco(annotations=annotation(category_id=4)), "has the unknown category_id 4"),
        (coco(annotations=annotation(keypoints=None)), "must be a list, got None"),
        (
            coco(annotations=annotation(keypoints=[1] * 50)),
            r"'keypoints' of annotations\[0\] \(id 7\) must be 6 numbers, .* of 2 .*, not 50, got",
        ),
        (coco(annotations=annotation(keypoints=["a"] * 6)), "must be 6 numbers"),
        (
            coco(annotations=annotation(keypoints=[0, 0, 3, 0, 0, 0])),
            "visibility of 'nose' in .* must be 0, 1 or 2, got 3",
        ),
        (coco(images=[IMAGE | {"width": 10**400}]), "whole numbers from 1, got"),
        (
            coco(annotations=annotation(keypoints=[10**400, 0, 2, 0, 0, 0])),
            "the place of 'nose' in .* must be a number, got 1000",
        ),
        (
            coco(annotations=annotation(keypoints=[0, NAN, 2, 0, 0, 0])),
            "the place of 'nose' in .* must be a number, got nan",
        ),
    ],
)
def test_bad_records_are_named(json_file, document, message):
    with pytest.raises(ValueError, match=message):
        read_coco(json_file(document))


def test_unknown_mirror_names_are_named(json_file):
    message = r"points.json: no keypoint is called 'left', as .*; there are \['nose', 'tail'\]"
    with pytest.raises(ValueError, match=message):
        read_coco(json_file(coco()), mirror={"left": "right", "right": "left"})


def test_objects_of_a_category_without_the_mirrored_names_have_no_table(json_file):
    categories = [{"id": 5, "keypoints": ["nose", "tail"]}, {"id": 6, "keypoints": ["hub"]}]
    annotations = annotation(keypoints=[1, 1, 2, 2, 2, 2]) + annotation(
        image_id="two", category_id=6, keypoints=[5, 5, 2]
    )
    mirror = {"nose": "tail", "tail": "nose"}
    found = read_coco(
        json_file(coco(categories=categories, annotations=annotations)), "corner", mirror
    )
    assert found["a.png"].mirror == mirror
    assert found["b.png"].mirror == {}
    assert found["b.png"].names == ("hub",)


def test_pairs_of_the_mirror_table_go_both_ways(json_file):
    with pytest.raises(ValueError, match="pairs go both ways"):
        read_coco(json_file(coco()), mirror={"nose": "tail"})
