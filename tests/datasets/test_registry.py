"""What is said of a data set, anywhere, is what its record says; and every loader says it in the same form."""

import re
from pathlib import Path

import pytest
from builders import files_of, write_tar

from maldinb import (
    SpectraDataset,
    from_matrix,
    load_driams,
    load_maldi_kleb_ai,
    load_marisma,
    load_simulated,
    load_spectra,
)
from maldinb.datasets.registry import DRIAMS, KLEB_AI, MARISMA, SIMULATED

ROOT = Path(__file__).resolve().parents[2]
SIZE = f"{KLEB_AI.megabytes} MB"
SAYS = {
    "README.md": (KLEB_AI.title, KLEB_AI.doi, KLEB_AI.paper_doi, KLEB_AI.file, SIZE, KLEB_AI.citation, '"kleb-ai"'),
    "CITATION.cff": (KLEB_AI.title, KLEB_AI.doi, KLEB_AI.paper_doi),
    "docs/index.md": (KLEB_AI.title, KLEB_AI.doi),
    "docs/teaching.md": (KLEB_AI.doi, KLEB_AI.file, SIZE, f"{KLEB_AI.n_spectra} spectra"),
    "benchmarks/README.md": (KLEB_AI.doi, KLEB_AI.paper_doi, f"{KLEB_AI.n_spectra} spectra"),
    "notebooks/01_data_loading_and_caching.py": (KLEB_AI.title, KLEB_AI.doi, KLEB_AI.paper_doi, SIZE, '"kleb-ai"'),
}


def plain(text):
    """Without marks and line breaks of Markdown and Python."""
    return " ".join(re.sub(r"(?m)^\s*[#>]|[*_`]", " ", text).split())


@pytest.mark.parametrize("name", SAYS)
def test_documents_say_what_the_record_says(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert [fact for fact in SAYS[name] if plain(fact) not in plain(text)] == []
    assert set(re.findall(r"10\.5281/zenodo\.\d+", text)) <= {KLEB_AI.doi, MARISMA.doi}
    assert set(re.findall(r"10\.1186/s12866[\w-]+", text)) <= {KLEB_AI.paper_doi}


def test_the_data_sheet_in_the_docstring_is_the_record():
    sheet = plain(load_maldi_kleb_ai.__doc__)
    facts = [SIZE, f"{KLEB_AI.n_spectra}, one per ID", KLEB_AI.doi, KLEB_AI.paper_doi, KLEB_AI.file, KLEB_AI.licence]
    facts += [f"{city} ({n})" for city, n in KLEB_AI.spectra.items()]
    for drug in KLEB_AI.antibiotics:
        n = KLEB_AI.n_labelled(drug)
        facts.append(f"{drug.lower()} ({n}{' labelled' * (drug == 'Amikacin')}, {KLEB_AI.n_resistant(drug) / n:.1%} R)")
    assert [fact for fact in facts if fact.replace("%", " %") not in sheet] == []
    assert f"{SIMULATED.n_spectra} gives the real set's counts" in plain(load_simulated.__doc__)


@pytest.mark.parametrize(
    ("record", "load"), [(DRIAMS, load_driams), (MARISMA, load_marisma)], ids=["driams", "marisma"]
)
def test_what_is_said_of_a_collection_is_its_record(record, load):
    page = (ROOT / "docs" / "own_data.md").read_text(encoding="utf-8")
    sizes = [f"{gb:g} GB" if gb >= 1 else f"{gb * 1000:g} MB" for gb, _ in record.archives.values()]
    facts = [record.title, record.doi, record.paper_doi, record.licence, *record.archives, *sizes]
    assert [fact for fact in facts if fact not in page] == []
    hashes = [md5 for _, md5 in record.archives.values() if md5]
    assert [fact for fact in [*facts, *hashes] if fact not in load.__doc__] == []


def test_the_published_numbers_add_up():
    assert (KLEB_AI.n_spectra, KLEB_AI.n_labelled("Amikacin"), KLEB_AI.n_labelled("Meropenem")) == (743, 741, 738)
    assert (KLEB_AI.n_resistant("Amikacin"), KLEB_AI.n_resistant("Meropenem")) == (369, 234)
    for cities in KLEB_AI.counts.values():
        assert all(sum(cities[city]) <= n for city, n in KLEB_AI.spectra.items())


@pytest.mark.filterwarnings("ignore:.*is not the published archive")
def test_info_has_one_form_which_is_documented(tmp_path, cache_dir):
    archive = write_tar(tmp_path / "own.tar", files_of())
    simulated, real, own = load_simulated(n_spectra=12), load_maldi_kleb_ai(archive=archive), load_spectra(archive)
    documented = SpectraDataset.__doc__.partition("info : dict")[2]
    keys = [key for line in re.findall(r"(?m)^ {8}(\w+(?:, \w+)*)$", documented) for key in line.split(", ")]
    for data in (simulated, real, own, from_matrix([[1, 2]])):
        assert sorted(data.info) == sorted(keys)
        assert set(data.info["columns"]) == {"ID", "Batch", "Species", "Isolate"}
    filled = [{key for key, value in data.info.items() if value is not None} for data in (simulated, real, own)]
    optional = {"antibiotic", "counts_as_published", "source", "md5", "doi", "simulation", "planted"}
    assert [sorted(optional - here) for here in filled] == [
        ["doi", "md5", "source"],
        ["planted", "simulation"],
        ["antibiotic", "counts_as_published", "doi", "md5", "planted", "simulation"],
    ]
    assert [data.info["counts_as_published"] for data in (simulated, real, own)] == [False, False, None]
    # From the cache as from the files.
    assert str(load_maldi_kleb_ai(archive=archive).info) == str(real.info)
