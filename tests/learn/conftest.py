"""One thread for torch: two are slower on small things, and other tests want the other core."""

import pytest

torch = pytest.importorskip("torch")
torch.set_num_threads(1)
