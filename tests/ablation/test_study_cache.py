"""A study in the cache is found again, and does not stay for ever."""

import os
import time

from toys import RandomView, problem

from maldinb.ablation import run_study, study_cache

SHORT = {"n_repeats": 1, "n_splits": 2, "seeds": (0,), "leave_one_batch_out": False, "progress": False}


def test_the_same_study_fits_nothing_again_and_old_results_go(tmp_path):
    notes = tmp_path / "notes"
    notes.mkdir()

    def run():
        run_study({"one": RandomView(note=str(notes))}, *problem(), folder=study_cache(tmp_path), **SHORT)
        return len(list(notes.iterdir()))

    assert run() == run() == 2
    for days, fits in ((29, 2), (31, 4)):
        for file in study_cache(tmp_path).iterdir():
            os.utime(file, (time.time() - days * 86400,) * 2)
        assert run() == fits


def test_where_there_can_be_no_cache_nothing_is_kept(tmp_path):
    (tmp_path / "file").write_text("")
    assert study_cache(tmp_path / "file") is None
