"""From the chosen spectra of a public collection to a data set."""

from ..formats import DatasetError
from ..formats.sources import named_spectra
from .assembly import assemble, count_formats, make_dataset
from .metadata import read_metadata


def load_chosen(
    chosen, files, *, record, source, tables, key, antibiotic, batch, isolate, taken, not_chosen, intermediate,
    cache, preprocess, bin_width, align, dtype, **reading,
):  # fmt: skip
    """Bin the chosen spectra, or take them from the cache.

    Parameters
    ----------
    chosen : DataFrame
        A row for each spectrum: ID, species, the antibiotic, and whatever else is known.
    files : dict
        ID -> paths, below `source`, of the file of a spectrum or of those of its acquisition, for those that are there.
    record : Record
    source : Path
        The root of the collection.
    tables : sequence of Path
        Where the rows come from.
    key : str or None
        The column of the tables that ID comes from.
    taken, not_chosen
        As `choose` returns them.
    batch, isolate : str or None
        Columns of `chosen`.
    antibiotic, intermediate, cache, preprocess, bin_width, align, dtype, **reading
        As in `load_driams`.

    Returns
    -------
    SpectraDataset

    Raises
    ------
    DatasetError
        If none of the spectra is there, and as `load_spectra`.
    """
    if not files:
        raise DatasetError(
            f"{source}: of {len(chosen)} chosen spectra none is there, the first being {chosen['ID'].iloc[0]!r}; "
            "was only a part of the archive unpacked?"
        )
    meta, columns, _ = read_metadata(chosen, record.title, id="ID", batch=batch, species="species", isolate=isolate)
    spectra = named_spectra(source, files)
    matrix, meta, left_out = assemble(
        spectra, meta, record.title, bin_width=bin_width, dtype=dtype, preprocess=preprocess, align=align,
        cache=source if cache else None, **reading,
    )  # fmt: skip
    more = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
    return make_dataset(
        matrix, meta, name=record.title, antibiotic=antibiotic, antibiotics=(antibiotic,), bin_width=bin_width,
        columns=columns | {"ID": key}, labels={antibiotic: taken}, intermediate=intermediate, left_out=left_out,
        not_chosen=not_chosen, preprocess=preprocess, align=align, record=record, source=str(source),
        metadata=f"{record.title}: {tables[0]}{more}", formats=count_formats(spectra, meta),
        files=files,
    )  # fmt: skip
