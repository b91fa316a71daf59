"""What lies in a folder: a public collection is recognised by the names of its folders, before anything is read."""

import os
import re
from pathlib import Path

from ..formats import DatasetError
from .registry import DRIAMS, MARISMA

SITE = re.compile(r"DRIAMS-[A-Z]", re.IGNORECASE)
YEAR = re.compile(r"\d{4}")
#: Folders of DRIAMS whose spectra are not raw -> why they are not read.
PROCESSED = {
    "binned_6000": "the first column is the number of a bin, not m/z, and another chain made the rows",
    "preprocessed": "the spectra went through another chain, which took their baseline and scaled them",
}
_ARCHIVE = re.compile(r"(DRIAMS(-[A-Z])?|MARISMa)\.(zip|tar|tgz|tar\.(gz|bz2|xz))", re.IGNORECASE)


def layout_of(path):
    """Which public collection a folder holds, or is a part of.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Record or None

    Raises
    ------
    DatasetError
        If it is the archive of one, which has to be unpacked.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> print(layout_of(folder))
    None
    >>> (folder / "DRIAMS-A" / "id").mkdir(parents=True)
    >>> layout_of(folder).title, layout_of(folder / "DRIAMS-A").title
    ('DRIAMS', 'DRIAMS')
    """
    path = Path(path).expanduser().absolute()
    if not path.is_dir():
        if _ARCHIVE.fullmatch(path.name) and path.is_file():
            raise DatasetError(f"{path} seems to be the archive of a public collection; unpack it, and name the folder")
        return None
    return DRIAMS if driams_sites(path) else MARISMA if marisma_tree(path) else None


def driams_sites(root):
    """Site -> its folder, for the folder of one site or one that holds several; empty if there is none."""
    names = set(folders_in(root))
    several = [name for name in names if SITE.fullmatch(name)]
    if several:
        return {name.upper(): root / name for name in sorted(several)}
    parts = names & {"id", "raw", *PROCESSED}
    if {"id", "raw"} <= parts or "binned_6000" in parts or (parts and SITE.fullmatch(root.name)):
        return {root.name.upper() if SITE.fullmatch(root.name) else root.name: root}
    return {}


def marisma_tree(root):
    """The folder that holds MARISMa's years, and its table AMR.csv or None; None if there is no such folder."""
    named = [root / name for name in folders_in(root) if name.casefold() == "marisma"]
    tree = named[0] if named else root
    if not any(map(YEAR.fullmatch, folders_in(tree))):
        return None
    tables = [folder / "AMR.csv" for folder in (root, tree, tree.parent) if (folder / "AMR.csv").is_file()]
    return (tree, next(iter(tables), None)) if tables or tree.name.casefold() == "marisma" else None


def folders_in(path):
    """Names of the folders in a folder, sorted, without hidden ones.

    Raises
    ------
    DatasetError
        If it may not be looked into, or is none.
    """
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir())
    except OSError as error:
        raise DatasetError(f"cannot look into {path}: {error.strerror or error}") from None


def refuse_collection(path, *, raw, described):
    """Send whoever names a public collection as own data to its loader.

    Parameters
    ----------
    path : path-like
    raw : bool
        Whether raw spectra are expected.
    described : bool
        Whether a table comes with it, which makes it own data.

    Raises
    ------
    DatasetError
        If it is DRIAMS's folder of binned or preprocessed spectra, and raw ones are expected, or a collection.
    """
    path = Path(path).expanduser().absolute()
    for folder in (path, path.parent):
        beside = folder.name == "binned_6000" or SITE.fullmatch(folder.parent.name) or (folder.parent / "id").is_dir()
        if raw and folder.name in PROCESSED and beside:
            raise DatasetError(
                f"{path} is a part of DRIAMS that is not raw: {PROCESSED[folder.name]}. Load the raw spectra with "
                f"load_driams({str(folder.parent)!r}, ...), or name that folder as the data set. preprocess=False "
                "takes these as they are, never to be compared with rows of this package"
            )
    if not described and (record := layout_of(path)):
        raise DatasetError(f"{path} is laid out as {record.title}: load_{record.name}({str(path)!r}, ...) reads it")
