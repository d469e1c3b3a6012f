"""A workbook with the marks that WPS leaves: its own namespace, its properties, and photographs inside cells, which are
formulas of its own (DISPIMG) over a part of its own (cellimages.xml)."""

import zipfile
from io import BytesIO

import openpyxl

OFFICE = "http://schemas.openxmlformats.org"
WPS = "http://www.wps.cn/officeDocument"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000b49444154789c6360000200000500017a5eab3f0000000049454e44ae426082"
)
PICTURE = "ID_61A4C7AEBBCE4C2AB56FC63352E00CBD"
FORMULA = f'=DISPIMG("{PICTURE}",1)'


def saved_by_wps(rows: list[list], photo: str) -> bytes:
    """The rows as WPS saves them; the cell at `photo` (which must be empty in the rows) shows a photograph."""
    book, plain = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.active[photo] = "@"
    book.save(plain)
    with zipfile.ZipFile(plain) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts = {name: _marked(name, data.decode(), photo).encode() for name, data in parts.items()}
    parts |= {"xl/media/image1.png": PHOTO} | {name: text.encode() for name, text in _own_parts().items()}
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _marked(name: str, text: str, photo: str) -> str:
    if name.startswith("xl/worksheets/"):
        start = text.index(f'<c r="{photo}"')
        end = text.index("</c>", start) + len("</c>")
        cell = FORMULA.replace('"', "&quot;")
        shown = f'<c r="{photo}" t="str"><f>_xlfn.{cell[1:]}</f><v>{cell}</v></c>'
        text = text[:start] + shown + text[end:]
        return text.replace("<worksheet ", f'<worksheet xmlns:etc="{WPS}/2017/etCustomData" ', 1)
    if name == "[Content_Types].xml":
        own = '<Default Extension="png" ContentType="image/png"/>'
        own += '<Override PartName="/xl/cellimages.xml" '
        own += 'ContentType="application/vnd.wps-officedocument.cellimage+xml"/>'
        own += '<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument'
        return text.replace("</Types>", own + '.custom-properties+xml"/></Types>')
    if name == "xl/_rels/workbook.xml.rels":
        own = f'<Relationship Id="rId99" Type="{WPS}/2020/cellImage" Target="cellimages.xml"/>'
        return text.replace("</Relationships>", own + "</Relationships>")
    if name == "docProps/app.xml":
        return text.replace("Microsoft Excel", "WPS Office_12.1.0.16120_F1E327BC-269C-435d-A152-05C5408002CA")
    return text


def _own_parts() -> dict[str, str]:
    drawing = f'xmlns:xdr="{OFFICE}/drawingml/2006/spreadsheetDrawing" xmlns:a="{OFFICE}/drawingml/2006/main"'
    relations = f"{OFFICE}/officeDocument/2006/relationships"
    return {
        "xl/cellimages.xml": (
            f'{HEAD}<etc:cellImages xmlns:etc="{WPS}/2017/etCustomData" xmlns:r="{relations}" {drawing}>'
            f'<etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="{PICTURE}"/><xdr:cNvPicPr/></xdr:nvPicPr>'
            '<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill><xdr:spPr/></xdr:pic></etc:cellImage>'
            "</etc:cellImages>"
        ),
        "xl/_rels/cellimages.xml.rels": (
            f'{HEAD}<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/image" Target="media/image1.png"/></Relationships>'
        ),
        "docProps/custom.xml": (
            f'{HEAD}<Properties xmlns="{OFFICE}/officeDocument/2006/custom-properties" '
            f'xmlns:vt="{OFFICE}/officeDocument/2006/docPropsVTypes"><property '
            'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
            "<vt:lpwstr>2052-12.1.0.16120</vt:lpwstr></property></Properties>"
        ),
    }
