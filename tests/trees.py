"""DRIAMS and MARISMa in small, as their layouts are documented, with what is known to be odd about them."""

import csv
import io
import os
import time

import numpy as np
from builders import as_text, make_spectrum
from flex import acquisition, axis

KP, EC, PT = "Klebsiella pneumoniae", "Escherichia coli", "Piperacillin/Tazobactam"
UUID = "3f5a{:04d}-1b2c-4d5e-8f90-a1b2c3d4e5f6"
HEADER = '#  /mnt/flex/{code}/0_A1/1/1SLin/fid\n#  {code}\n"mass.myspec..1..." "intensity.myspec..1..."\n'


def code(number, suffix=""):
    return UUID.format(number) + suffix


def table(header, *rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def raw(seed, name):
    return as_text(*make_spectrum(seed), header=HEADER.format(code=name))


A_2017 = table(
    ["code", "species", "laboratory_species", "Ceftriaxone", "Cotrimoxazole", "Amoxicillin-Clavulanic acid",
     "acquisition_date", "workstation", "patient_no", "case_no", "order_no"],
    [code(1, "_MALDI1"), KP, "Klebsiella sp", "R", "S", "R", "2017-01-02", "Urin", "p1", "c1", "o1"],
    [code(2, "_MALDI2"), KP, "", "S", "R", "S", "2017-01-02", "Blut", "p1", "c1", "o2"],
    [code(3), KP, "", "I", "-", "", "2017-02-03", "Urin", "p2", "c2", "o3"],
    [code(4), KP, "", "R(1), S(1)", "S", "", "2017-02-03", "Urin", "p3", "c3", "o4"],
    [code(5), KP, "", "-", "S", "", "2017-02-04", "Urin", "p4", "c4", "o5"],
    [code(6), f"MIX!{KP}!{EC}", "", "R", "R", "R", "2017-02-05", "Urin", "p5", "c5", "o6"],
    [code(7), EC, "", "S", "S", "S", "2017-02-06", "Urin", "p6", "c6", "o7"],
)  # fmt: skip
A_2018 = table(
    ["", "code", "species", "Ceftriaxone", "Isoniazid_.4mg-l", "patient_no", "case_no", "order_no", "workstation"],
    [0, code(11), KP, "S", "", "p7", "c7", "o11", "Urin"],
    [1, code(12), f" {KP.lower()} ", "r", "", "p8", "c8", "o12", "HospitalHygiene"],
)
A_2018 = A_2018.replace(b",code", b"Unnamed: 0,code", 1)
B_2018 = table(
    ["species", "code", "combined_code", "Ceftriaxone", "Cotrimoxazol", PT, "ESBL", "MRSA"],
    [KP, code(21), "", "R", "R", "R", "1", ""],
    [KP, code(22), "", "S", "S", "S", "0", ""],
    [KP, code(23), "", "R", "", "", "", ""],
    ["not reliable identification", code(24), "", "R", "R", "R", "1", "1"],
    ["no peaks found", code(25), "", "R", "R", "R", "", ""],
)
D_2018 = table(
    ["code", "species", "Ceftriaxone", "Cefuroxime", "Cefuroxime"],
    [code(31), KP, "", "R", ""],
    [code(32), KP, "", "-", "S"],
    [code(33), KP, "", "R", "S"],
)
#: Codes of K. pneumoniae that have a label for ceftriaxone and a spectrum.
LABELLED = [code(1, "_MALDI1"), code(2, "_MALDI2"), code(3), code(11), code(12), code(21), code(22), code(23)]


def driams():
    """Name -> bytes. Spectra that nobody is to read are none, so that whoever reads them fails."""
    files = {
        "DRIAMS-A/id/2017/2017_strat.csv": A_2017,
        "DRIAMS-A/id/2017/2017_clean.csv": b"code,species\nold,none\n",
        "DRIAMS-A/id/2018/2018_strat.csv": A_2018,
        "DRIAMS-B/id/2018/2018_clean.csv": B_2018,
        "DRIAMS-D/id/2018/2018_clean.csv": D_2018,
    }
    places = ["A/raw/2017"] * 3 + ["A/raw/2018"] * 2 + ["B/raw/2018"] * 3 + ["D/raw/2018"] * 2
    for seed, (place, name) in enumerate(zip(places, [*LABELLED, code(31), code(32)], strict=True)):
        files[f"DRIAMS-{place}/{name}.txt"] = raw(seed, name)
    for place, number in [("A/raw/2017", n) for n in (4, 5, 6, 7, 8, 9)] + [("B/raw/2018", 24), ("D/raw/2018", 33)]:
        files[f"DRIAMS-{place}/{code(number)}.txt"] = b"not to be read"
    for number in (21, 22):
        files[f"DRIAMS-B/binned_6000/2018/{code(number)}.txt"] = as_text(
            np.arange(6000), np.full(6000, 1.29 / 6000), "{:.0f} {:.17g}", "bin_index binned_intensity\n"
        )
        files[f"DRIAMS-B/preprocessed/2018/{code(number)}.txt"] = raw(number, code(number))
    return files


#: Identifier, as in the tree -> rows of AMR.csv: interpretations of ceftriaxone.
AMR = table(
    ["Identifier", "Sample", "MIC_Ceftriaxone", "Ceftriaxone", f"MIC_{PT}", PT],
    ["00109d1f", "ORINA", ">4", "R", "<=4", "S"],
    ["00109d1f", "ORINA", "", "", "", ""],
    ["0018d75a-01", "SANGRE", "<=1", "S", "8", "S"],
    ["0020aaaa", "ORINA", "2", "I", "", ""],
    ["0031bbbb", "ORINA", ">4", "R", "", ""],
    ["0031bbbb", "ESPUTO", "<=1", "S", "", ""],
    ["0042cccc", "ORINA", "", "", ">64", "R"],
    ["0053dddd", "ORINA", ">4", "R", "", ""],
    ["00ecec01", "ORINA", "<=1", "S", "", ""],
)
SPOTS = {
    "2018/Klebsiella/Pneumoniae/00109d1f": ["0_C5/1", "0_C5/2", "0_D5/1"],
    "2018/Klebsiella/Pneumoniae/0018d75a-01": ["0_C9/1"],
    "2024/Klebsiella/Pneumoniae/0020aaaa": ["0_A1/1"],
    "2024/Klebsiella/Pneumoniae/0053dddd": ["0_A2/1"],
}
UNREAD = {
    "2018/Klebsiella/Pneumoniae/0031bbbb": ["0_C1/1"],
    "2018/Klebsiella/Pneumoniae/0042cccc": ["0_C2/1"],
    "2024/Klebsiella/Pneumoniae/00ffffff": ["0_C3/1"],
    "2024/Klebsiella/Oxytoca/0053dddd": ["0_C4/1"],
    "2024/Escherichia/Coli/00ecec01": ["0_C6/1"],
}


def counts(seed):
    return np.random.default_rng(seed).poisson(5 + 500 * np.exp(-(((axis() - 4000 - 100 * seed) / 40) ** 2)))


def marisma():
    """Name -> bytes, as for `driams`."""
    files, seed = {"AMR.csv": AMR, "MARISMa/.DS_Store": b""}, 0
    for folder, spots in SPOTS.items():
        for spot in spots:
            seed += 1
            files |= acquisition(f"MARISMa/{folder}/{spot}/1SLin", counts(seed))
            files[f"MARISMa/{folder}/{spot}/1SLin/fid (2)"] = b"a copy"
    for folder, spots in UNREAD.items():
        files |= {f"MARISMa/{folder}/{spot}/1SLin/fid": b"not to be read" for spot in spots}
    return files


def settle(folder):
    """Let all files be as old as a cache wants them, which trusts no file that has only just been written."""
    for path in folder.rglob("*"):
        os.utime(path, (time.time() - 3600,) * 2)
