"""mzML and mzXML files of one spectrum, or more, written as their schemas say."""

import base64
import zlib

import numpy as np

PROFILE = '<cvParam cvRef="MS" accession="MS:1000128" name="profile spectrum" value=""/>'
CENTROID = '<cvParam cvRef="MS" accession="MS:1000127" name="centroid spectrum" value=""/>'


def _text(values, packed):
    data = values.tobytes()
    return base64.b64encode(zlib.compress(data) if packed else data).decode()


def _array(values, accession, name, packed):
    text = _text(np.asarray(values, dtype="<f8"), packed)
    how = ("MS:1000574", "zlib compression") if packed else ("MS:1000576", "no compression")
    terms = ((accession, name), ("MS:1000523", "64-bit float"), how)
    params = "".join(f'<cvParam cvRef="MS" accession="{a}" name="{n}" value=""/>' for a, n in terms)
    return f'<binaryDataArray encodedLength="{len(text)}">{params}<binary>{text}</binary></binaryDataArray>'


def mzml(*spectra, mark=PROFILE, packed=False, content=""):
    """The bytes of an mzML file with these spectra, each m/z and intensity."""
    listed = "".join(
        f'<spectrum index="{i}" id="scan={i + 1}" defaultArrayLength="{len(mz)}">{mark}<binaryDataArrayList count="2">'
        + _array(mz, "MS:1000514", "m/z array", packed)
        + _array(y, "MS:1000515", "intensity array", packed)
        + "</binaryDataArrayList></spectrum>"
        for i, (mz, y) in enumerate(spectra)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<mzML xmlns="http://psi.hupo.org/ms/mzml" version="1.1.0">'
        f"<fileDescription><fileContent>{content}</fileContent></fileDescription>"
        f'<run id="run"><spectrumList count="{len(spectra)}">{listed}</spectrumList></run></mzML>'
    ).encode()


def mzxml(*spectra, centroided="0", processing="", packed=False):
    """The bytes of an mzXML file with these spectra."""
    said = "" if centroided is None else f' centroided="{centroided}"'
    how = "zlib" if packed else "none"
    scans = "".join(
        f'<scan num="{i + 1}" msLevel="1" peaksCount="{len(mz)}"{said}>'
        f'<peaks precision="64" byteOrder="network" contentType="m/z-int" compressionType="{how}" compressedLen="0">'
        f"{_text(np.column_stack([mz, y]).astype('>f8'), packed)}</peaks></scan>"
        for i, (mz, y) in enumerate(spectra)
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<mzXML xmlns="http://sashimi.sourceforge.net/schema_revision/mzXML_3.2">'
        f'<msRun scanCount="{len(spectra)}">{processing}{scans}</msRun></mzXML>'
    ).encode()
