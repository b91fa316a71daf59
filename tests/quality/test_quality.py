"""What is measured on spectra is what was put into them."""

import shutil

import numpy as np
import pandas as pd
import pytest
from builders import MZ, as_text, write_folder
from hypothesis import given
from hypothesis import strategies as st

from maldinb import from_matrix, load_simulated, load_spectra, quality
from maldinb.preprocessing import smooth
from maldinb.quality.findings import far_below
from maldinb.quality.measures import measure
from maldinb.quality.replicates import correlations
from maldinb.simulation import Simulation

RIBOSOMAL = quality.HOUSEKEEPING["Klebsiella pneumoniae"]


def spectrum(peaks=(4365.3, 6289.5, 9540.2), height=1000.0, level=100.0, seed=0):
    """Peaks on a baseline, counted."""
    expected = level * np.exp(-(MZ - 2000) / 6000)
    for mz in peaks:
        expected = expected + height * np.exp(-0.5 * ((MZ - mz) / 12) ** 2)
    return np.random.default_rng(seed).poisson(expected).astype(float)


# --- one spectrum -----------------------------------------------------------------------------------------------------


def test_peaks_are_counted_and_placed():
    values, peaks = measure(MZ, spectrum())
    assert values["peaks"] == 3
    assert all(np.abs(peaks - mz).min() < 1 for mz in (4365.3, 6289.5, 9540.2))
    assert not values["empty"] and values["points"] == len(MZ) and values["total count"] == spectrum().sum()
    assert (values["low m/z"], values["high m/z"]) == (MZ[0], MZ[-1])


@pytest.mark.parametrize("level", [3, 30, 3000])
@pytest.mark.parametrize("seed", range(3))
def test_noise_alone_is_no_peak(level, seed):
    values, _ = measure(MZ, spectrum((), level=level, seed=seed))
    assert values["empty"] and values["peaks"] == 0 and values["signal to noise"] < 4 and values["saturated share"] == 0


@given(st.floats(0.5, 20), st.integers(0, 100))
def test_noise_is_told_whatever_the_peaks(sd, seed):
    root = 50 + 40 * np.exp(-0.5 * ((MZ - 6000) / 6) ** 2) + sd * np.random.default_rng(seed).normal(size=len(MZ))
    assert quality.noise_of(root, smooth(root)) == pytest.approx(sd, rel=0.05)


def test_signal_to_noise_grows_with_the_peak():
    low, high = (measure(MZ, spectrum(height=h))[0]["signal to noise"] for h in (500, 8000))
    noise = 0.5  # of the square root of a count
    assert high == pytest.approx((np.sqrt(8000 + 60) - np.sqrt(60)) / noise, rel=0.15) and high > 3 * low


def test_a_clipped_spectrum_is_saturated():
    counts = spectrum()
    clipped = np.minimum(counts, 900)
    assert measure(MZ, counts)[0]["saturated share"] == 0
    share = measure(MZ, clipped)[0]["saturated share"]
    assert share == pytest.approx((clipped == 900).mean(), rel=0.2) and share > 0


def test_points_below_zero_are_told():
    assert measure(MZ, spectrum())[0]["negative share"] == 0
    shifted = spectrum() - np.median(spectrum())
    assert measure(MZ, shifted)[0]["negative share"] == pytest.approx(0.5, abs=0.05)


def test_no_intensity_at_all():
    values, peaks = measure(MZ, np.zeros(len(MZ)))
    assert values["empty"] and values["total count"] == 0 and len(peaks) == 0


# --- calibration ------------------------------------------------------------------------------------------------------


@given(st.floats(-5500, 5500), st.integers(0, 1000))
def test_the_offset_is_found_among_other_peaks(offset, seed):
    rng = np.random.default_rng(seed)
    seen = rng.choice(RIBOSOMAL, 15, replace=False) * (1 + 1e-6 * (offset + rng.normal(0, 60, 15)))
    peaks = np.sort(np.concatenate([seen, rng.uniform(2000, 12000, 40)]))
    found, matched = quality.calibration_offset(peaks, "Klebsiella pneumoniae")
    assert found == pytest.approx(offset, abs=150) and matched >= 10


@pytest.mark.parametrize("shift", [0.013, -0.017, 0.023, 0.031])
def test_other_masses_are_not_matched(shift):
    """The peaks of real-looking spectra, moved by more than a calibration is ever off."""
    simulation = Simulation(24)
    for i in range(0, 24, 6):
        _, peaks = measure(*simulation.raw(i))
        found, matched = quality.calibration_offset(peaks * (1 + shift), "Klebsiella pneumoniae")
        assert np.isnan(found) and matched < len(RIBOSOMAL) / 3


@pytest.mark.parametrize("species", ["Escherichia coli", "unknown", None, np.nan])
def test_where_no_masses_are_known_nothing_is_told(species):
    assert np.isnan(quality.calibration_offset(RIBOSOMAL, species)).all()


# --- tables -----------------------------------------------------------------------------------------------------------

TABLE = """ID,drug,species,isolate,city
a,R,Klebsiella pneumoniae,i1,North
b,S,Klebsiella pneumoniae,i1,North
c,S,Escherichia coli,i2,South
d,R,Escherichia coli,i3,South
"""


@pytest.fixture
def four(tmp_path):
    """Four spectra: d is a copy of a; c is noise alone, and begins late."""
    counts = {"a": spectrum(RIBOSOMAL, 400), "b": spectrum(RIBOSOMAL, 400, seed=1), "c": spectrum((), seed=2)}
    counts["d"] = counts["a"]
    files = {f"{one}.txt": as_text(MZ, y) for one, y in counts.items()}
    files["c.txt"] = as_text(MZ[500:], counts["c"][500:])
    return write_folder(tmp_path / "four", files | {"metadata.csv": TABLE.encode()})


def test_the_table_tells_what_is_there(four):
    data = load_spectra(four, label="drug")
    table = quality.quality_table(data)
    assert list(table.index) == list("abcd") and (table["measured on"] == "raw spectrum").all()
    assert table["empty"].to_dict() == {"a": False, "b": False, "c": True, "d": False}
    assert table["duplicate of"].dropna().to_dict() == {"d": "a"}
    assert table["problem"].isna().all() and list(table["batch"]) == ["North", "North", "South", "South"]
    assert abs(table.loc["a", "offset ppm"]) < 50 and table.loc["a", "peaks matched"] >= 20
    assert table.loc[["c", "d"], ["offset ppm", "peaks matched"]].isna().all(axis=None)
    assert table.loc["c", "low m/z"] == MZ[500]
    batches = quality.batch_table(table)
    assert batches[["spectra", "empty", "duplicates"]].to_numpy().tolist() == [[2, 0, 0], [2, 1, 1]]
    pd.testing.assert_frame_equal(table, quality.quality_table(data, n_jobs=1))


def test_negative_points_are_a_finding(four):
    data = load_spectra(four, label="drug")
    table = quality.quality_table(data)
    assert "below 0" not in sentences(quality.findings(data, table))
    table.loc["a", "negative share"] = 0.4
    assert "1 spectrum has many points below 0, up to 40%, which count as 0" in sentences(quality.findings(data, table))


def test_copies_under_another_name(four):
    data = load_spectra(four, label="drug")
    copies = quality.duplicates(data)
    assert copies.loc["d"].to_dict() == {"duplicate of": "a", "batches": True, "isolates": True, "labels": False}
    data.meta.loc["d", ["drug", "Isolate", "Batch"]] = ["S", None, "North"]
    copies = quality.duplicates(data)
    assert copies.loc["d"].to_dict() == {"duplicate of": "a", "batches": False, "isolates": None, "labels": True}


def sentences(found):
    return "\n".join(what for what, _ in found)


def test_findings(four):
    found = quality.findings(load_spectra(four, label="drug"))
    told = sentences(found)
    for what in (
        "1 spectrum holds no peak: an empty spot?",
        "1 spectrum does not cover 2000-20000 Da",
        "1 spectrum repeats another one, value by value.\n",
        "repeats another one under another isolate",
        "repeats another one under another batch",
        "Numbers of points differ within 1 batch ('South'), by up to 7%",
        "1 isolate has more than one label for drug, and counts with each",
        "The calibration of 2 spectra cannot be told: no housekeeping peaks are known here of 'Escherichia coli'",
    ):
        assert what in told
    assert "under another label" not in told and "all spectra are of one batch" not in told.casefold()
    assert dict(found)["1 spectrum repeats another one under another isolate."] == ["d"]


def test_what_needs_raw_spectra_is_missing_and_not_wrong(four):
    data = load_spectra(four, label="drug")
    before = quality.quality_table(data)
    (four / "b.txt").write_text("emptied")
    (four / "c.txt").unlink()
    table = quality.quality_table(data)
    assert list(table["measured on"]) == ["raw spectrum", "row", "row", "raw spectrum"]
    assert "b.txt: no line of numbers" in table.loc["b", "problem"] and "no longer" in table.loc["c", "problem"]
    pd.testing.assert_series_equal(table.loc["a"], before.loc["a"])
    assert table.loc[["b", "c"], ["points", "total count", "peaks", "signal to noise"]].isna().all(axis=None)
    assert "2 of 4 spectra could be measured by their rows only, for example: " in sentences(quality.findings(data))
    shutil.rmtree(four)
    gone = quality.quality_table(data)
    assert (gone["measured on"] == "row").all() and gone["duplicate of"].to_dict()["d"] == "a"
    assert not gone["empty"].any() and "no longer at" in gone.loc["a", "problem"]


def test_rows_that_others_have_made_are_not_taken_for_raw_spectra(four):
    told = quality.quality_table(load_spectra(four, preprocess=False))
    assert (told["measured on"] == "row").all() and (told["problem"] == "what was loaded was no raw spectrum").all()


def test_a_matrix():
    data = from_matrix([[1, 0], [0, 0], [1, 0], [0, 1]], list("RSSR"), batch=list("aabb"), isolate=list("wwxy"))
    table = quality.quality_table(data)
    assert table["empty"].tolist() == [False, True, False, False] and table["points"].isna().all()
    told = sentences(quality.findings(data, table))
    assert "4 of 4 spectra could be measured by their rows only: what was loaded was no raw spectrum." in told
    assert "1 spectrum holds zeros only." in told and "under another label" in told and "may be chance" in told
    assert len(table) == len(data.X)  # nothing is left out


def test_ids_must_be_unique():
    data = from_matrix(np.eye(2))
    data.X = data.X.set_axis(["a", "a"])
    with pytest.raises(ValueError, match="IDs are not unique"):
        quality.quality_table(data)


# --- what is usual in a batch -----------------------------------------------------------------------------------------


def test_what_lies_far_below_the_batch():
    rng = np.random.default_rng(0)
    values = pd.Series(np.exp(rng.normal(5, 0.2, 60)), [f"s{i}" for i in range(60)])
    batch = pd.Series(np.repeat(["a", "b", "c"], [30, 25, 5]), values.index)
    values[batch == "b"] *= 100
    values["s3"], values["s40"], values["s59"] = 20, 900, 0
    assert far_below(values, batch) == ["s3", "s40"]  # five spectra do not tell what is usual
    assert far_below(values * np.nan, batch) == [] == far_below(values * 0, batch)


def test_usual_spectra_are_no_findings():
    data = load_simulated(n_spectra=60)
    told = sentences(quality.findings(data))
    assert "repeat" not in told and "empty" not in told and "ceiling" not in told and "cover" not in told
    assert "m/z is off by" in told and "(Rome)" in told  # 1000 ppm, as planted
    rome = quality.batch_table(quality.quality_table(data)).loc["Rome", "offset ppm"]
    assert rome == pytest.approx(1000, abs=200)


# --- replicates -------------------------------------------------------------------------------------------------------


def test_replicates_agree_until_they_are_mixed_up():
    data = load_simulated(n_spectra=120)
    table = quality.replicate_table(data)
    repeated = data.isolate[data.isolate.duplicated(keep=False)]
    assert sorted(table.index) == sorted(repeated.unique()) and (table["spectra"] == 2).all()
    assert (table["correlation"] > table["with others"]).mean() > 0.9 and table["closer"].mean() < 0.1
    one = repeated.index[0]
    r = np.corrcoef(data.X.loc[repeated.index[repeated == repeated[one]]])[0, 1]
    assert table.loc[repeated[one], "correlation"] == pytest.approx(r)
    data.meta["Isolate"] = data.isolate.to_numpy()[np.random.default_rng(0).permutation(len(data.X))]
    assert quality.replicate_table(data)["closer"].mean() > 0.3
    assert "mixed up, or badly acquired?" in sentences(quality.findings(data, quality.quality_table(data)))


def test_where_isolates_do_not_repeat():
    known, unknown = from_matrix(np.eye(3), isolate=list("abc")), from_matrix(np.eye(3))
    for data, why in ((known, "no isolate has two spectra"), (unknown, "no column names the isolates")):
        table = quality.replicate_table(data)
        assert not len(table) and list(table) == ["spectra", "batches", "correlation", "with others", "closer"]
        assert f"Whether replicates agree cannot be told: {why}." in sentences(quality.findings(data))


def test_a_batch_of_one_isolate_has_no_others():
    rng = np.random.default_rng(0)
    data = from_matrix(rng.random((5, 4)), batch=list("aabbb"), isolate=["i", "i", "j", "k", None])
    table = quality.replicate_table(data)
    assert table.loc["i", ["with others", "closer"]].isna().all() and table.loc["i", "correlation"] <= 1
    constant = from_matrix(np.ones((4, 3)), isolate=list("aabb"))
    assert quality.replicate_table(constant)[["correlation", "closer"]].isna().all(axis=None)


@given(st.integers(2, 5), st.integers(2, 6), st.integers(0, 100))
def test_correlations_are_pearsons(n, n_columns, seed):
    a, b = np.random.default_rng(seed).random((2, n, n_columns))
    assert correlations(a, b) == pytest.approx(np.corrcoef(a, b)[:n, n:])


# --- real spectra -----------------------------------------------------------------------------------------------------


def test_real_spectra_show_their_ribosomes(real_spectra):
    data = load_spectra(real_spectra, label="Drug")
    data.meta["Species"] = "Klebsiella pneumoniae"
    table = quality.quality_table(data)
    assert not table["empty"].any() and (table["signal to noise"] > 10).all() and (table["peaks"] > 20).all()
    assert (table["peaks matched"] >= 6).sum() > 20 and table["duplicate of"].isna().all()
