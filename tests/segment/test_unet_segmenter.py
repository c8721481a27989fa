"""UNetSegmenter: learns, predicts pictures of any size, is saved, and says no clearly."""

import json
import struct
from dataclasses import asdict

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

import acetate.augmenters as iaa  # noqa: E402
from acetate.learn import TrainOptions  # noqa: E402
from acetate.measure import dice  # noqa: E402
from acetate.segment.unet import UNetSegmenter, UNetTraining, load_unet, save_unet  # noqa: E402

FEW = UNetTraining(epochs=12, batch_size=4, learning_rate=0.01)
SMALL = {"base": 8, "depth": 1, "patch": 32, "patches": 16}


def discs(seed=0, side=64, channels=None):
    """Return bright discs in noise, and where they are."""
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((side, side))
    mask = np.zeros((side, side), bool)
    for _ in range(6):
        y, x = rng.uniform(6, side - 6, 2)
        mask |= (rows - y) ** 2 + (columns - x) ** 2 < 36
    image = np.clip(100 + 60 * mask + rng.normal(0, 25, mask.shape), 0, 255).astype(np.uint8)
    return (image if channels is None else np.stack([image] * channels, -1)), mask


@pytest.fixture(scope="module")
def fitted():
    image, mask = discs()
    return UNetSegmenter(**SMALL, options=FEW).fit(image, mask)


def test_it_learns_what_discs_are(fitted):
    image, mask = discs(7)
    assert dice(fitted.predict(image) == 1, mask) > 0.82
    assert fitted.classes_.tolist() == [0, 1]
    assert len(fitted.history_.rows) == 12


@pytest.mark.parametrize("shape", [(1, 1), (1, 37), (33, 2), (50, 41)])
def test_pictures_of_any_size(fitted, shape):
    image = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    found = fitted.predict_proba(image)
    assert found.shape == (*shape, 2)
    assert found.sum(-1) == pytest.approx(1, abs=1e-5)
    assert set(np.unique(fitted.predict(image))) <= {0, 1}


def test_one_list_and_stack_give_the_same(fitted):
    images = np.stack([discs(seed)[0] for seed in (1, 2)])[..., None]
    single = fitted.predict_proba(images[0])
    assert np.array_equal(fitted.predict_proba(images)[0], single)
    assert np.array_equal(fitted.predict_proba(list(images))[0], single)
    assert np.array_equal(fitted.predict_proba(images[0, :, :, 0]), single)


def test_the_same_seed_gives_the_same_weights():
    image, mask = discs()
    options = TrainOptions(epochs=1, seed=3)
    models = [UNetSegmenter(**SMALL, options=options).fit(image, mask) for _ in range(2)]
    states = [model.network_.state_dict() for model in models]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_light_and_contrast_do_not_matter(fitted):
    image, _ = discs(5)
    darker = (image.astype(np.uint16) * 100 + 500).astype(np.uint16)
    assert np.abs(fitted.predict_proba(image) - fitted.predict_proba(darker)).max() < 1e-3


def test_a_constant_picture_has_a_result(fitted):
    assert np.isfinite(fitted.predict_proba(np.full((20, 20), 7, np.uint8))).all()


def test_several_classes_with_labels_of_any_number():
    rng = np.random.default_rng(0)
    mask = np.zeros((64, 64), int)
    mask[:, 20:42], mask[:, 42:] = 3, 200
    image = np.clip(mask[..., None] * 0 + np.searchsorted([0, 3, 200], mask)[..., None] / 2, 0, 1)
    image = np.clip(image + rng.normal(0, 0.05, image.shape), 0, 1)
    model = UNetSegmenter(**SMALL, augmenter=None, options=FEW).fit(image, mask)
    assert model.classes_.tolist() == [0, 3, 200]
    assert (model.predict(image) == mask).mean() > 0.9
    assert model.predict_proba(image).shape == (64, 64, 3)


def test_objects_that_touch_are_parted():
    image = np.full((64, 64), 40, np.uint8)
    objects = np.zeros((64, 64), int)
    for number, (top, left) in enumerate([(r, c) for r in (2, 18, 34) for c in (2, 18, 34)], 1):
        objects[top : top + 16, left : left + 16] = number
        image[top : top + 16, left : left + 16] = 60
        image[top + 2 : top + 14, left + 2 : left + 14] = 220
    options = UNetTraining(epochs=20, batch_size=4, learning_rate=0.01)
    model = UNetSegmenter(**SMALL, objects=True, options=options).fit(image, objects)
    found = model.predict_objects(image)
    assert found.dtype == np.int32
    assert found.max() == 9
    assert dice(model.predict(image) == 1, objects > 0) > 0.95
    assert model.classes_.tolist() == [0, 1]


def test_validation_chooses_the_epoch():
    image, mask = discs()
    model = UNetSegmenter(**SMALL, options=FEW).fit(image, mask, discs(3))
    assert model.history_.best["val_dice"] == max(r["val_dice"] for r in model.history_.rows)


def test_a_part_held_out_never_meets_a_training_pixel(monkeypatch):
    from acetate.segment.unet import segmenter

    image, mask = discs(side=96)
    seen = {}
    patches, tiles = segmenter.Patches, segmenter.tiles

    def keep_patches(pictures, *rest):
        seen["learn"] = pictures
        return patches(pictures, *rest)

    def keep_tiles(pictures, *rest):
        seen["judge"] = pictures
        return tiles(pictures, *rest)

    monkeypatch.setattr(segmenter, "Patches", keep_patches)
    monkeypatch.setattr(segmenter, "tiles", keep_tiles)
    place = np.arange(image.size, dtype=np.uint16).reshape(image.shape)  # every pixel its own value
    model = UNetSegmenter(**SMALL, options=TrainOptions(epochs=1)).fit(place, mask, 0.25)
    columns = [set((np.concatenate(seen[k]) % 96).ravel().tolist()) for k in ("learn", "judge")]
    assert not columns[0] & columns[1]
    assert min(columns[1]) - max(columns[0]) > model.network_.halo


def test_training_goes_on_in_its_folder(tmp_path):
    image, mask = discs()
    options = TrainOptions(epochs=3)
    whole = UNetSegmenter(**SMALL, options=options).fit(image, mask, folder=tmp_path)
    again = UNetSegmenter(**SMALL, options=options).fit(image, mask, folder=tmp_path, resume=True)
    assert np.array_equal(whole.predict_proba(image), again.predict_proba(image))
    assert (tmp_path / "history.csv").exists()


@pytest.mark.parametrize("loss", ["mse", "dice", "focal", "cross-entropy"])
def test_every_loss_learns(loss):
    image, mask = discs()
    model = UNetSegmenter(**SMALL, loss=loss, options=FEW).fit(image, mask)
    assert dice(model.predict(discs(7)[0]) == 1, discs(7)[1]) > 0.72


@pytest.mark.parametrize("augmenter", [None, iaa.Fliplr(0.5)])
@pytest.mark.parametrize("norm", ["none", "group"])
def test_parameters_are_free(augmenter, norm):
    image, mask = discs(channels=3)
    options = TrainOptions(epochs=1)
    given = {**SMALL, "standardize": "none"}
    model = UNetSegmenter(**given, augmenter=augmenter, norm=norm, options=options)
    assert model.fit(image, mask).predict(image).shape == mask.shape


def test_patches_larger_than_the_picture():
    image, mask = discs(side=20)
    model = UNetSegmenter(**SMALL, options=TrainOptions(epochs=1)).fit(image, mask)
    assert model.predict(image).shape == (20, 20)


def test_it_is_an_estimator(fitted):
    again = clone(fitted)
    assert again.get_params()["base"] == 8
    with pytest.raises(NotFittedError):
        again.predict(discs()[0])
    with pytest.raises(NotFittedError):
        save_unet(again, "nowhere")
    assert clone(fitted).set_params(threshold=0.3).threshold == 0.3


def test_the_threshold_moves_the_border(fitted):
    image, _ = discs(5)
    areas = []
    for threshold in (0.1, 0.5, 0.9):
        fitted.threshold = threshold
        areas.append(int(fitted.predict(image).sum()))
    fitted.threshold = 0.5
    assert areas[0] > areas[1] > areas[2]


def test_saved_and_loaded(fitted, tmp_path):
    save_unet(fitted, tmp_path / "a.model")
    again = load_unet(tmp_path / "a.model")
    image, _ = discs(9, side=41)
    assert np.array_equal(again.predict_proba(image), fitted.predict_proba(image))
    options = asdict(again.get_params()["options"]), asdict(fitted.get_params()["options"])
    assert options[0] == options[1]
    assert {**again.get_params(), "options": 0} == {**fitted.get_params(), "options": 0}
    assert again.history_ == fitted.history_


def changed(path, change):
    """Rewrite the card in a model file."""
    whole = path.read_bytes()
    size = struct.unpack("<Q", whole[:8])[0]
    header = json.loads(whole[8 : 8 + size])
    card = json.loads(header["__metadata__"]["acetate"])
    change(card)
    header["__metadata__"]["acetate"] = json.dumps(card)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + whole[8 + size :])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda card: card.update(version=2), "is a U-Net of version 2, this acetate reads 1"),
        (lambda card: card.update(kind="car"), "is no U-Net of acetate's; its card says 'car'"),
        (lambda card: card.pop("network"), "is a damaged U-Net"),
        (lambda card: card["network"].update(base=16), "is a damaged U-Net"),
        (lambda card: card["parameters"].update(car=8), "is a damaged U-Net"),
    ],
)
def test_files_of_others(fitted, tmp_path, change, words):
    save_unet(fitted, tmp_path / "a.model")
    changed(tmp_path / "a.model", change)
    with pytest.raises(ValueError, match=words):
        load_unet(tmp_path / "a.model")


def test_bad_pictures_and_masks(fitted):
    image, mask = discs()
    cases = [
        (image, mask[1:], ValueError, r"\(63, 64\)"),
        (image, np.zeros_like(mask), ValueError, "of one class, False"),
        (image, np.full(mask.shape, 3), ValueError, "of one class, 3"),
        (image, mask.astype(float), TypeError, "integers"),
        (image, -1 * mask, ValueError, "-1"),
        (np.where(mask, np.nan, 0.5), mask, ValueError, "NaN|finite"),
        (image / 255.0 * 9, mask, ValueError, "0"),
        ([image, image], [mask], ValueError, "one mask a picture: 2, got 1"),
        ([], [], ValueError, "there is no picture"),
    ]
    for pictures, masks, kind, words in cases:
        with pytest.raises(kind, match=words):
            UNetSegmenter(**SMALL, options=FEW).fit(pictures, masks)
    with pytest.raises(ValueError, match=r"of 1 channel\(s\), got 3"):
        fitted.predict(discs(channels=3)[0])
    with pytest.raises(ValueError, match="learned no borders"):
        fitted.predict_objects(image)


def test_bad_validation():
    image, mask = discs()
    model = UNetSegmenter(**SMALL, options=FEW)
    with pytest.raises(ValueError, match=r"validation pictures have 3 channel\(s\)"):
        model.fit(image, mask, discs(channels=3))
    with pytest.raises(ValueError, match=r"validation has classes \[0, 5\]"):
        model.fit(image, mask, (image, 5 * mask))
    with pytest.raises(ValueError, match="must lie between 0 and 1, got 1"):
        model.fit(image, mask, 1.5)
    with pytest.raises(ValueError, match="too small to hold out"):
        model.fit(image[:8, :8], mask[:8, :8] | np.eye(8, dtype=bool), 0.5)


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"patch": 31}, ValueError, "multiple of 2 with depth=1, got 31"),
        ({"patches": 0}, ValueError, "patches must be a whole number from 1, got 0"),
        ({"loss": "dise"}, ValueError, "the nearest is 'dice'"),
        ({"loss": 3}, ValueError, "a loss is one of"),
        ({"standardize": "all"}, ValueError, "got 'all'"),
        ({"threshold": 2}, ValueError, r"in \[0, 1\], got 2"),
        ({"augmenter": "much"}, TypeError, "got 'much'"),
        ({"options": {"epochs": 2}}, TypeError, "options must be TrainOptions"),
        ({"base": 0}, ValueError, "base must be"),
        ({"norm": "no"}, ValueError, "norm is one of"),
    ],
)
def test_bad_parameters(given, kind, words):
    image, mask = discs()
    with pytest.raises(kind, match=words):
        UNetSegmenter(**{**SMALL, **given}).fit(image, mask)


def test_a_window_that_is_smaller_than_what_the_network_sees(fitted):
    fitted.window = 16
    with pytest.raises(ValueError, match="window must be larger than"):
        fitted.predict(discs()[0])
    fitted.window = 512
