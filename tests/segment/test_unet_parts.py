"""Parts of the U-Net: losses against NumPy, windows against the whole, patches, borders, splits."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

import acetate.augmenters as iaa  # noqa: E402
from acetate.learn.randomness import seeded  # noqa: E402
from acetate.learn.unet import UNet  # noqa: E402
from acetate.segment.unet.borders import grown, with_borders  # noqa: E402
from acetate.segment.unet.losses import LOSSES, loss_named  # noqa: E402
from acetate.segment.unet.patches import Patches, default_augmenter, standardized, tiles  # noqa: E402
from acetate.segment.unet.sliding import probabilities  # noqa: E402
from acetate.segment.unet.splitting import spatial_split  # noqa: E402

RNG = np.random.default_rng(0)


def softmax(logits):
    every = np.concatenate([np.zeros_like(logits[:, :1]), logits], 1)
    powers = np.exp(every - every.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def by_hand(name, logits, labels):
    p = softmax(logits)
    looked = labels >= 0
    truth = np.moveaxis(np.eye(p.shape[1])[np.maximum(labels, 0)], -1, 1)
    true = (p * truth).sum(1)[looked]
    found = np.moveaxis(p, 1, -1)[looked][:, 1:]
    wanted = np.moveaxis(truth, 1, -1)[looked][:, 1:]
    both = 2 * (found * wanted).sum(0) + 1
    return {
        "mse": ((found - wanted) ** 2).mean(),
        "cross-entropy": -np.log(true).mean(),
        "focal": -((1 - true) ** 2 * np.log(true)).mean(),
        "dice": 1 - (both / (found.sum(0) + wanted.sum(0) + 1)).mean(),
    }[name]


@pytest.mark.parametrize("classes", [1, 3])
@pytest.mark.parametrize("name", list(LOSSES))
def test_losses_are_what_their_formulas_say(name, classes):
    logits = RNG.normal(0, 2, (2, classes, 5, 6))
    labels = RNG.integers(-1, classes + 1, (2, 5, 6))
    found = loss_named(name)(torch.tensor(logits), torch.tensor(labels))
    assert float(found) == pytest.approx(by_hand(name, logits, labels), rel=1e-5)


def test_sums_of_losses():
    logits, labels = torch.randn(1, 1, 4, 4), torch.ones(1, 4, 4, dtype=torch.long)
    parts = [loss_named(name)(logits, labels) for name in ("focal", "dice")]
    assert float(loss_named("focal + dice")(logits, labels)) == pytest.approx(float(sum(parts)))


@pytest.mark.parametrize("name", list(LOSSES))
def test_losses_of_sure_and_of_unlabelled_pixels(name):
    labels = torch.tensor([[[0, 1]]])
    for scale, low in ((60.0, True), (-60.0, False)):
        logits = torch.tensor([[[[-scale, scale]]]], requires_grad=True)
        loss = loss_named(name)(logits, labels)
        loss.backward()
        assert (float(loss.detach()) < 1e-3) == low
        assert torch.isfinite(logits.grad).all()
    logits = torch.zeros(1, 1, 1, 2, requires_grad=True)
    nothing = loss_named(name)(logits, torch.full((1, 1, 2), -1))
    nothing.backward()
    assert float(nothing.detach()) == 0 == float(logits.grad.abs().sum())


@pytest.mark.parametrize(("depth", "norm"), [(1, "none"), (2, "batch"), (3, "none")])
def test_windows_equal_the_whole(depth, norm):
    with seeded(depth):
        network = UNet(2, 2, 4, depth, norm)
    planes = RNG.normal(0, 1, (2, 333, 207)).astype(np.float32)
    whole = probabilities(network, planes, 10_000)
    calls = []
    window = 2 * network.halo + 40
    found = probabilities(network, planes, window, lambda *each: calls.append(each[:2]))
    assert np.abs(found - whole).max() < 1e-4
    assert calls[-1][0] == calls[-1][1] == len(calls) > 1


def test_windows_of_a_network_that_sees_the_whole_are_near():
    network = UNet(1, 1, 8, 1, "group")
    planes = RNG.normal(0, 1, (1, 200, 70)).astype(np.float32)
    found = probabilities(network, planes, 64)
    assert np.abs(found - probabilities(network, planes, 1000)).max() < 0.2
    assert found.sum(0) == pytest.approx(1, abs=1e-5)


@given(st.integers(1, 70), st.integers(1, 70))
def test_any_size_gives_probabilities(height, width):
    network = UNet(1, 1, 2, 1)
    found = probabilities(network, np.ones((1, height, width), np.float32), 40)
    assert found.shape == (2, height, width)
    assert found.sum(0) == pytest.approx(1, abs=1e-5)


def test_image_and_labels_of_a_patch_move_together():
    mask = np.zeros((80, 60), int)
    mask[20:50, 15:40] = 1
    image = (mask * 255).astype(np.uint8)[..., None]
    recipe = iaa.Affine(rotate=(-180, 180), scale=(0.85, 1.2))
    data = Patches([image], [mask], 32, 12, recipe, "none", seed=0)
    for index in range(12):
        planes, labels = data[index]
        assert planes.shape == (1, 32, 32)
        assert np.mean((planes[0] > 0.5) != (labels == 1)) < 0.03


def test_a_patch_is_a_function_of_seed_epoch_and_index():
    image, mask = RNG.integers(0, 256, (50, 50, 1), dtype=np.uint8), np.eye(50, dtype=int)
    data = Patches([image], [mask], 16, 8, default_augmenter(), "picture", seed=4)
    data.set_epoch(2)
    first = [data[index] for index in range(8)]
    data.set_epoch(3)
    other = data[5]
    data.set_epoch(2)
    again = data[5]
    assert np.array_equal(again[0], first[5][0])
    assert np.array_equal(again[1], first[5][1])
    assert not np.array_equal(other[0], first[5][0])
    assert not np.array_equal(first[4][0], first[5][0])


def test_patches_are_standardised_as_prediction_is():
    image, mask = RNG.integers(0, 256, (40, 30, 3), dtype=np.uint8), np.eye(40, 30, dtype=int)
    planes, labels = Patches([image], [mask], 40, 1, None, "picture", seed=0)[0]
    left = (40 - 30) // 2
    expected = standardized(image, "picture")
    assert planes[:, :, left : left + 30] == pytest.approx(expected, abs=1e-5)
    assert np.array_equal(labels[:, left : left + 30], mask)
    assert expected.mean((1, 2)) == pytest.approx(0, abs=1e-5)
    assert expected.std((1, 2)) == pytest.approx(1, abs=1e-5)


def test_larger_pictures_give_more_patches():
    black, white = np.zeros((40, 40, 1), np.uint8), np.full((40, 120, 1), 255, np.uint8)
    masks = [np.zeros((40, 40), int), np.ones((40, 120), int)]
    data = Patches([black, white], masks, 8, 400, None, "none", seed=0)
    assert np.mean([data[index][0].mean() for index in range(400)]) == pytest.approx(0.75, abs=0.07)


def test_tiles_show_every_pixel_once():
    pictures = [RNG.random((30, 45, 1)), RNG.random((10, 64, 1))]
    masks = [np.ones((30, 45), int), np.zeros((10, 64), int)]
    cut = tiles(pictures, masks, "none", 32, 4)
    assert {planes.shape for planes, _ in cut} == {(1, 32, 32)}
    values = np.concatenate([planes[0][labels >= 0] for planes, labels in cut])
    expected = np.concatenate([each.astype(np.float32).ravel() for each in pictures])
    assert np.array_equal(np.sort(values), np.sort(expected))
    assert sum(int((labels == 1).sum()) for _, labels in cut) == 30 * 45


def test_borders_lie_in_objects_and_between_those_that_touch():
    objects = np.zeros((20, 20), int)
    objects[4:16, 3:10], objects[4:16, 10:18] = 1, 2
    found = with_borders(objects)
    assert ((found > 0) == (objects > 0)).all()
    assert found[10].tolist() == [0] * 3 + [2, 2, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 0, 0]
    assert (with_borders(np.ones((9, 9), int)) == 1).all()  # the picture's edge is no border


def test_objects_grow_back_from_their_inside():
    objects = np.zeros((40, 40), int)
    objects[4:16, 3:14], objects[4:16, 14:30], objects[20:36, 8:24] = 1, 2, 3
    classes = with_borders(objects)
    found = grown((classes == 1) * 0.9, (classes == 2) * 0.9, 0.5)
    assert found.max() == 3
    assert ((found > 0) == (objects > 0)).all()
    assert np.mean(found != objects) < 0.02
    assert grown(np.zeros((5, 5)), np.ones((5, 5)), 0.5).max() == 0


def test_of_many_pictures_whole_ones_are_held_out():
    pictures = [np.full((4, 4, 1), n) for n in range(10)]
    masks = [picture[:, :, 0] for picture in pictures]
    learn, held = spatial_split(pictures, masks, 0.2, 5)
    assert [each[0, 0] for each in learn[1]] == list(range(8))
    assert [each[0, 0, 0] for each in held[0]] == [8, 9]


@given(st.integers(20, 60), st.integers(20, 60), st.floats(0.1, 0.5), st.integers(0, 5))
def test_parts_of_a_picture_are_a_guard_apart(height, width, part, guard):
    place = np.arange(height * width).reshape(height, width)
    (_, learn), (_, held) = spatial_split([place[..., None]], [place], part, guard)
    along = (lambda values: values // width) if height > width else (lambda values: values % width)
    assert along(held[0]).min() - along(learn[0]).max() == guard + 1
    assert held[0].size == pytest.approx(part * place.size, abs=max(height, width))


def test_a_loss_can_be_sent_to_other_processes():
    logits, labels = torch.randn(1, 1, 4, 4), torch.ones(1, 4, 4, dtype=torch.long)
    loss = loss_named("cross-entropy+dice")
    assert pickle.loads(pickle.dumps(loss)) == loss
    assert torch.equal(pickle.loads(pickle.dumps(loss))(logits, labels), loss(logits, labels))


def test_objects_of_large_numbers_have_a_border_between_them():
    objects = np.full((12, 12), 2**24, np.int64)
    objects[:, 6:] += 1
    assert with_borders(objects)[6].tolist() == [1] * 4 + [2] * 4 + [1] * 4


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5])
def test_thin_objects_keep_an_inside(width):
    objects = np.zeros((20, 20), int)
    objects[5:15, 5 : 5 + width] = 1
    found = with_borders(objects)
    assert ((found > 0) == (objects > 0)).all()
    assert np.count_nonzero(found == 1) >= 4
    if width > 2:
        assert (found[8, [5, 4 + width]] == 2).all()
