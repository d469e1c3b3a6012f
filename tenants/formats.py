"""CSV and XLSX for django-import-export: in through the house's pre-check and reader, out through its one writer."""

import tablib
from import_export.formats import base_formats

from documents.spreadsheet import Sheet, csv_bytes, xlsx_bytes
from tenants.tables import read_table


class _Format:
    """`known` are the headers by which the header row is found; resources set it with `formats_of`."""

    known: frozenset[str] = frozenset()

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Raises tables.Refused, whose text the library shows at the file."""
        table = read_table(in_stream, set(self.known))
        return tablib.Dataset(*(cells for _number, cells in table.rows), headers=list(table.headers))

    def is_binary(self) -> bool:
        # the reader finds the encoding itself
        return True

    def get_read_mode(self) -> str:
        return "rb"


class SafeXLSX(_Format, base_formats.XLSX):
    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        return xlsx_bytes([Sheet(dataset.title or "1", dataset.headers, list(dataset))])


class SafeCSV(_Format, base_formats.CSV):
    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        return csv_bytes(Sheet("", dataset.headers, list(dataset)))


def formats_of(resource_class) -> list[type]:
    """Both formats, knowing the columns of a resource."""
    known = frozenset(field.column_name for field in resource_class().fields.values())
    return [type(base.__name__, (base,), {"known": known}) for base in (SafeXLSX, SafeCSV)]
