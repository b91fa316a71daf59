"""What determines a row: the range of m/z, the filters, the width of a bin."""

MZ_MIN, MZ_MAX = 2000.0, 20000.0  # Da, both inclusive
BIN_WIDTH = 3.0  # Da
SMOOTH_WINDOW, SMOOTH_POLYORDER = 21, 2  # points
SNIP_HALF_WINDOW = 40  # points

#: The widest filter decides how short a spectrum may be.
MIN_POINTS = 2 * SNIP_HALF_WINDOW + 1

#: What, beside the width of a bin, determines a row.
PARAMETERS = {
    "mz_min": MZ_MIN,
    "mz_max": MZ_MAX,
    "smooth_window": SMOOTH_WINDOW,
    "smooth_polyorder": SMOOTH_POLYORDER,
    "snip_half_window": SNIP_HALF_WINDOW,
}
