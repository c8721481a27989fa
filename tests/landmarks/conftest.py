"""One torch thread: two are slower on a busy machine, and workers share the cores already."""

import torch

torch.set_num_threads(1)
