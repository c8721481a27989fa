"""The Hugging Face hub: a file from its cache or the network, or the advice to fetch it by hand."""

from pathlib import Path

from acetate.learn.extra import missing

FILE = "model.safetensors"
_SECONDS = 5.0  # to reach the hub; its own loader would try for most of a minute


def fetch(repository: str) -> Path:
    """Return the weights of a repository: from the cache, or fetched into it.

    Parameters
    ----------
    repository : str
        Such as ``timm/hrnet_w18.ms_aug_in1k``.

    Raises
    ------
    ImportError
        If huggingface-hub is not installed.
    OSError
        If the cache does not have them and the hub cannot be reached, or not give them: it says
        which file to fetch and where to put it.
    """
    try:
        from huggingface_hub import get_session, hf_hub_download
        from huggingface_hub.constants import ENDPOINT
        from huggingface_hub.errors import LocalEntryNotFoundError
    except ImportError as error:
        raise missing("weights from the hub", error) from error

    try:
        return Path(hf_hub_download(repository, FILE, local_files_only=True))
    except LocalEntryNotFoundError:
        pass  # so it has to be fetched
    try:
        get_session().head(ENDPOINT, timeout=_SECONDS)
        return Path(hf_hub_download(repository, FILE, etag_timeout=_SECONDS))
    except Exception as error:  # whatever the session's library raises, of which there were two
        raise OSError(_advice(repository, error)) from error


def _advice(repository: str, error: Exception) -> str:
    from huggingface_hub.constants import ENDPOINT, HF_HUB_CACHE

    reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return (
        f"the weights {repository} are not in the hub's cache ({HF_HUB_CACHE}) and could not be "
        f"fetched: {reason}. Fetch {ENDPOINT}/{repository}/resolve/main/{FILE} with a machine "
        "that is online, and give its path as the weights (--weights FILE); or take --weights none"
    )
