"""The extra `learn`: what is said where torch, Lightning or safetensors are missing."""


def missing(what: str, error: ImportError) -> ImportError:
    """Return the error to raise when an import of the extra failed.

    Parameters
    ----------
    what : str
        What needs it.
    error : ImportError
        What was raised.

    Examples
    --------
    >>> missing("training", ModuleNotFoundError("No module named 'torch'", name="torch"))
    ImportError("training needs torch: pip install 'acetate[learn]'")
    """
    return ImportError(f"{what} needs {error.name}: pip install 'acetate[learn]'")
