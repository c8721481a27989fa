"""UNetSegmenter: learns, predicts pictures of any size, is saved, and says no clearly."""

import json
import struct
from dataclasses import asdict

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import get_tags

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

import acetate.augmenters as iaa  # noqa: E402
from acetate.learn import TrainOptions  # noqa: E402
from acetate.learn.model_file import save_model  # noqa: E402
from acetate.measure import dice  # noqa: E402
from acetate.segment.unet import UNetSegmenter, UNetTraining, load_unet, save_unet  # noqa: E402
from acetate.segment.unet.card import described  # noqa: E402

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
        (lambda card: card.update(version=2), "version 2, this acetate reads 1; install a later"),
        (lambda card: card.update(version=0), "is a damaged U-Net: its version is 0, not 1"),
        (lambda card: card["parameters"].update(threshold="x"), "threshold must be a number"),
        (lambda card: card.update(classes=[0]), r"classes are 2 rising numbers from 0, got \[0\]"),
        (lambda card: card.update(classes=[1, 0]), "rising numbers"),
        (lambda card: card.update(classes=[0, 0.5]), "rising numbers"),
        (lambda card: card["network"].update(base=10**6), "not those of the network on its card"),
        (lambda card: card["network"].update(base=10**9), "is a damaged U-Net"),
        (lambda card: card["network"].update(base=10**30), "is a damaged U-Net"),
        (lambda card: card["network"].update(depth=10**6), "depth must be at most 10"),
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


def test_weights_too_many_are_refused_in_a_line(fitted, tmp_path):
    state = fitted.network_.state_dict() | {f"more.{n}": torch.zeros(1) for n in range(99)}
    save_model(tmp_path / "a.model", state, described(fitted, fitted.history_))
    with pytest.raises(ValueError, match=r"its weights 'more\.\d+' are not") as raised:
        load_unet(tmp_path / "a.model")
    assert len(str(raised.value)) < 300


def test_loading_draws_nothing_from_the_callers_chance(fitted, tmp_path):
    save_unet(fitted, tmp_path / "a.model")
    before = torch.get_rng_state()
    load_unet(tmp_path / "a.model")
    assert torch.equal(torch.get_rng_state(), before)


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
    for part in (1, np.float32(1.5)):
        with pytest.raises(ValueError, match="must lie between 0 and 1, got 1"):
            model.fit(image, mask, part)
    for wrong in (True, "half", (image,)):
        with pytest.raises(TypeError, match="validation is a pair of pictures and masks"):
            model.fit(image, mask, wrong)
    with pytest.raises(ValueError, match="too small to hold out"):
        model.fit(image[:8, :8], mask[:8, :8] | np.eye(8, dtype=bool), 0.5)


@pytest.mark.parametrize(
    ("given", "kind", "words"),
    [
        ({"patch": 31}, ValueError, "multiple of 2 with depth=1, got 31"),
        ({"patches": 0}, ValueError, r"patches must lie in \[1, inf\], got 0"),
        ({"loss": "dise"}, ValueError, "the nearest is 'dice'"),
        ({"loss": 3}, ValueError, "a loss is one of"),
        ({"standardize": "all"}, ValueError, "got 'all'"),
        ({"threshold": 2}, ValueError, r"in \[0, 1\], got 2"),
        ({"augmenter": "much"}, TypeError, "got 'much'"),
        ({"options": {"epochs": 2}}, TypeError, "options must be TrainOptions"),
        ({"base": 0}, ValueError, r"base must lie in \[1, 4096\], got 0"),
        ({"norm": "no"}, ValueError, "norm is one of"),
        ({"threshold": None}, TypeError, "threshold must be a number, got None"),
        ({"patch": 2}, ValueError, "patch must be larger than 2 .* one pixel has no deviation"),
        ({"depth": 9, "patch": 512}, ValueError, r"depth must lie in \[0, 8\], got 9"),
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


def test_a_held_out_part_without_objects_or_with_the_only_ones_is_refused():
    image, mask = discs(side=96)
    left, right = mask.copy(), mask.copy()
    left[:, 40:] = right[:, :80] = False
    model = UNetSegmenter(**SMALL, options=FEW)
    with pytest.raises(ValueError, match="the held-out part has only background"):
        model.fit(image, left, 0.25)
    with pytest.raises(ValueError, match="class 1 lies in the held-out part only"):
        model.fit(image, right | (np.arange(96) > 90), 0.25)
    with pytest.raises(ValueError, match="has only background"):
        model.fit(image, mask, (image, np.zeros_like(mask)))


def test_numbered_objects_are_no_classes():
    image = discs()[0]
    objects = np.arange(64 * 64).reshape(64, 64) // 64
    with pytest.raises(ValueError, match=r"63 classes, expected 32 at most.*--objects"):
        UNetSegmenter(**SMALL, options=FEW).fit(image, objects)


def test_score_is_the_part_of_right_pixels(fitted):
    (image, mask), (other, truth) = discs(5), discs(6)
    found = [fitted.predict(each) == 1 for each in (image, other)]
    expected = np.mean([found[0] == mask, found[1] == truth])
    assert fitted.score([image, other], [mask, truth]) == pytest.approx(expected)
    weights = np.zeros(mask.size)
    weights[:64] = 1
    rows = np.mean(found[0][0] == mask[0])
    assert fitted.score(image, mask, weights) == pytest.approx(rows)


def test_its_tags_say_pictures(fitted):
    tags = get_tags(fitted)
    assert tags.input_tags.three_d_array
    assert not tags.input_tags.two_d_array
    assert tags.target_tags.two_d_labels


def test_fit_twice_is_fit_once(fitted):
    image, mask = discs()
    twice = clone(fitted).fit(image[:40], mask[:40]).fit(image, mask)
    assert np.array_equal(twice.predict_proba(image), fitted.predict_proba(image))


def test_best_weights_of_a_training_are_a_model(tmp_path):
    image, mask = discs()
    options = TrainOptions(epochs=3)
    model = UNetSegmenter(**SMALL, options=options).fit(image, mask, discs(3), folder=tmp_path)
    best = load_unet(tmp_path / "best.safetensors")
    assert np.array_equal(best.predict_proba(image), model.predict_proba(image))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"base": 4}, r"network\.base=8, got 4"),
        ({"loss": "mse"}, r"loss='cross-entropy\+dice', got 'mse'"),
        ({"patches": 8}, "patches=16, got 8"),
        ({"augmenter": None}, "augmenter="),
        ({"standardize": "none"}, "standardize='picture', got 'none'"),
    ],
)
def test_another_training_does_not_go_on(tmp_path, given, words):
    image, mask = discs()
    options = TrainOptions(epochs=1)
    UNetSegmenter(**SMALL, options=options).fit(image, mask, folder=tmp_path)
    other = UNetSegmenter(**{**SMALL, **given}, options=options)
    with pytest.raises(ValueError, match=words):
        other.fit(image, mask, folder=tmp_path, resume=True)


def test_a_training_goes_on_with_its_own_pictures_only(tmp_path):
    (image, mask), model = discs(), UNetSegmenter(**SMALL, options=TrainOptions(epochs=1))
    model.fit(image, mask, folder=tmp_path)
    colour = np.stack([image] * 3, -1)
    cases = [
        (discs(1)[0], mask, None, r"data\.learned_pictures='sha256:"),
        (image, discs(1)[1], None, r"data\.learned_masks='sha256:"),
        (image, mask, discs(2), r"data\.judged_pictures=None"),
        (colour, mask, None, r"network\.in_channels=1, got 3"),
    ]
    for pictures, masks, validation, words in cases:
        with pytest.raises(ValueError, match=words):
            clone(model).fit(pictures, masks, validation, folder=tmp_path, resume=True)
    with pytest.raises(FileExistsError, match="holds an earlier training"):
        clone(model).fit(image, mask, folder=tmp_path)


def test_a_deep_network_predicts_large_pictures():
    image, mask = discs(side=128)
    deep = {"base": 1, "depth": 6, "patch": 128, "patches": 2}
    model = UNetSegmenter(**deep, options=TrainOptions(epochs=1)).fit(image, mask)
    assert model.predict(np.tile(image, (1, 8))).shape == (128, 1024)


@pytest.mark.slow
def test_two_processes_learn_too():
    image, mask = discs()
    options = TrainOptions(epochs=2, devices=2, device="cpu")
    model = UNetSegmenter(**SMALL, options=options).fit(image, mask, discs(3))
    assert len(model.history_.rows) == 2
    assert model.predict(image).shape == mask.shape
