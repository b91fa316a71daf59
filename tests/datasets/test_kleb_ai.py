"""The loader of the real set, end to end: a simulated archive is served over HTTP on this machine, through pooch."""

import functools
import http.server
import os
import tarfile
import threading
from dataclasses import replace

import pandas as pd
import pytest
from builders import TABLE, assert_same_matrix, files_of, write_tar

from maldinb import DatasetError, load_maldi_kleb_ai, load_simulated, write_simulated_archive
from maldinb.datasets import cache, kleb_ai
from maldinb.datasets.registry import KLEB_AI

N = 24


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A folder that is served, and its address."""
    folder = tmp_path_factory.mktemp("zenodo")
    handler = functools.partial(QuietHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    requests = []

    def log_message(self, *_):
        self.requests.append(self.path)


@pytest.fixture(scope="module")
def twin(served):
    """A simulated archive among the served files."""
    return write_simulated_archive(served[0] / KLEB_AI.file, n_spectra=N)


def claim(monkeypatch, **facts):
    """Let the loader believe something else of what was published."""
    monkeypatch.setattr(kleb_ai, "KLEB_AI", replace(kleb_ai.KLEB_AI, **facts))


@pytest.fixture
def zenodo(served, twin, cache_dir, tmp_path, monkeypatch):
    """The loader, told that the simulated archive is the published one and that it lies at our address."""
    counts = {
        drug: {city: (n["S"] + n["I"], n["R"]) for city, n in cities.items()}
        for drug, cities in load_simulated(n_spectra=N, cache_dir=tmp_path / "other").info["counts"].items()
    }
    monkeypatch.setattr(kleb_ai, "_RETRIES", 0)
    md5, sources = cache.pooch.file_hash(twin, alg="md5"), (served[1] + KLEB_AI.file,)
    claim(monkeypatch, md5=md5, sources=sources, spectra={"all": N}, counts=counts)
    QuietHandler.requests.clear()


def test_download_verify_bin_and_cache(zenodo, cache_dir, capsys):
    ds = load_maldi_kleb_ai(verbose=True)
    assert "the counts per city and label are the published ones" in capsys.readouterr().out
    assert (cache_dir / "maldi-kleb-ai" / KLEB_AI.file).is_file()
    assert ds.info["doi"] == "10.5281/zenodo.17405072" and ds.info["md5"] == kleb_ai.KLEB_AI.md5
    assert ds.info["counts_as_published"] and ds.info["left_out"] == {}

    twin = load_simulated(n_spectra=N)
    assert_same_matrix(ds.X, twin.X)  # text and back, to the last bit
    pd.testing.assert_frame_equal(ds.meta[["Batch", "Species"]], twin.meta[["Batch", "Species"]])

    # The second time neither the network nor the archive is touched, for either antibiotic.
    (cache_dir / "maldi-kleb-ai" / KLEB_AI.file).unlink()
    again = load_maldi_kleb_ai("Meropenem")
    assert again.info["antibiotic"] == "Meropenem" and len(QuietHandler.requests) == 1
    assert_same_matrix(again.X, ds.X)
    pd.testing.assert_frame_equal(again.meta, ds.meta)
    assert not [p for p in cache_dir.rglob("*") if p.suffix == ".txt"]  # never unpacked


def test_another_bin_width_needs_no_second_download(zenodo):
    load_maldi_kleb_ai()
    assert load_maldi_kleb_ai(bin_width=100).X.shape == (N, 180)
    assert len(QuietHandler.requests) == 1


def test_a_forced_download_downloads(zenodo):
    load_maldi_kleb_ai()
    load_maldi_kleb_ai(force_download=True)
    assert len(QuietHandler.requests) == 2


def test_a_damaged_download_on_disk_is_fetched_again(zenodo, cache_dir):
    (cache_dir / "maldi-kleb-ai").mkdir(parents=True)
    (cache_dir / "maldi-kleb-ai" / KLEB_AI.file).write_bytes(b"half")
    assert load_maldi_kleb_ai().X.shape == (N, 6000)


def test_the_second_address_serves_when_the_first_fails(zenodo, served, monkeypatch):
    claim(monkeypatch, sources=(served[1] + "gone.tar", served[1] + KLEB_AI.file))
    assert load_maldi_kleb_ai().X.shape == (N, 6000)


def test_a_wrong_hash_is_refused_and_leaves_nothing(zenodo, cache_dir, monkeypatch):
    claim(monkeypatch, md5="0" * 32)
    with pytest.raises(DatasetError, match="could not be fetched(.|\n)*hash of downloaded file(.|\n)*" + "0" * 32):
        load_maldi_kleb_ai()
    assert [p for p in cache_dir.rglob("*") if p.is_file()] == []


def test_no_network_says_what_to_do(cache_dir, monkeypatch):
    """The addresses are the real ones here; the test run itself cuts the network off."""
    monkeypatch.setattr(kleb_ai, "_RETRIES", 0)
    with pytest.raises(DatasetError) as caught:
        load_maldi_kleb_ai()
    message = str(caught.value)
    for expected in (*KLEB_AI.sources, "archive=PATH", "https://doi.org/10.5281/zenodo.17405072", "load_simulated()"):
        assert expected in message
    assert [p for p in cache_dir.rglob("*") if p.is_file()] == []


def test_an_unwritable_cache_is_named_before_a_download(zenodo, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatasetError, match="cannot write to .*file.*cache_dir= or MALDINB_CACHE_DIR"):
        load_maldi_kleb_ai(cache_dir=tmp_path / "file")


def test_a_copy_handed_round_needs_no_network(zenodo, twin):
    ds = load_maldi_kleb_ai(archive=twin)
    assert ds.info["source"] == str(twin) and ds.info["counts_as_published"] and QuietHandler.requests == []


def test_another_archive_loads_with_a_word(twin, cache_dir):
    with pytest.warns(UserWarning, match="is not the published archive .*counts are not the published ones"):
        ds = load_maldi_kleb_ai(archive=twin)
    assert ds.info["md5"] != KLEB_AI.md5 and not ds.info["counts_as_published"]


def test_unexpected_counts_are_told(zenodo, monkeypatch):
    claim(monkeypatch, spectra=KLEB_AI.spectra)
    with pytest.warns(UserWarning, match="not the published ones: {'Amikacin'"):
        assert not load_maldi_kleb_ai().info["counts_as_published"]


def test_ids_on_one_side_of_the_published_archive_are_noted(zenodo, twin, tmp_path, monkeypatch):
    with tarfile.open(twin) as tar:
        files = {m.name: tar.extractfile(m).read() for m in tar}
    files["spectra/extra.txt"] = next(data for name, data in files.items() if name.startswith("spectra/"))
    files["metadata.csv"] += b"ghost,R,S,Klebsiella pneumoniae,Rome\n"
    path = write_tar(tmp_path / "x.tar", files)
    claim(monkeypatch, md5=cache.pooch.file_hash(path, alg="md5"))
    ds = load_maldi_kleb_ai(archive=path)
    assert len(ds.X) == N and ds.info["left_out"] == {
        "ghost": "in the metadata, but no spectrum",
        "extra": "a spectrum, but not in the metadata",
    }


@pytest.mark.filterwarnings("ignore:.*is not the published archive")
@pytest.mark.parametrize(
    ("files", "message"),
    [
        (files_of(3, TABLE.replace("City", "Town")), "metadata.csv: no column 'City'; found"),
        (files_of(3, TABLE.replace("Meropenem", "Imipenem")), "no column 'Meropenem'"),
        (files_of(3, TABLE.replace("a2,S", "a2,X")), "column 'Amikacin' holds 'X'"),
        ({k: v for k, v in files_of().items() if k != "metadata.csv"}, "holds no metadata.csv; is it maldi-tof.tar"),
        (files_of() | {"spectra/a2.txt": b"x y\n1 2\n"}, "1 of 3 spectra cannot be used:\n.*spectra/a2.txt: 1 points"),
    ],
)
def test_a_bad_archive_is_refused_and_nothing_is_cached(files, message, tmp_path, cache_dir):
    path = write_tar(tmp_path / "x.tar", files)
    with pytest.raises(DatasetError, match=message):
        load_maldi_kleb_ai(archive=path)
    assert not (cache_dir / "matrices").exists()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"antibiotic": "Colistin"}, ValueError, "antibiotic is one of 'Amikacin', 'Meropenem', not 'Colistin'"),
        ({"on_error": "x"}, ValueError, "on_error"),
        ({"bin_width": -1}, ValueError, "bin_width"),
        ({"archive": "x.tar", "force_download": True}, ValueError, "excludes force_download"),
        ({"archive": "nowhere.tar"}, DatasetError, "no such archive: .*nowhere.tar"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_fetched(options, error, message, cache_dir):
    with pytest.raises(error, match=message):
        load_maldi_kleb_ai(**options)


# Mean of a bin over the spectra from Rome, R and S to amikacin, as the authors printed them for the default pipeline.
PRINTED_MEANS = {"4712": (0.000492, 0.000161), "11114": (0.000125, 0.000080), "4703": (0.000284, 0.000120)}


@pytest.mark.skipif(
    "MALDINB_KLEB_AI_ARCHIVE" not in os.environ, reason="MALDINB_KLEB_AI_ARCHIVE names no maldi-tof.tar"
)
def test_the_real_archive_gives_the_printed_means(cache_dir):
    ds = load_maldi_kleb_ai(archive=os.environ["MALDINB_KLEB_AI_ARCHIVE"])
    assert ds.info["md5"] == KLEB_AI.md5 and ds.info["counts_as_published"]
    rome = (ds.batch == "Rome").to_numpy()
    for name, means in PRINTED_MEANS.items():
        found = [ds.X.loc[rome & (ds.meta["Amikacin"] == label).to_numpy(), name].mean() for label in "RS"]
        assert found == pytest.approx(means, abs=1e-6), name
