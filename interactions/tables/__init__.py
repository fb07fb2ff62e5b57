"""Exports as rows: CSV, JSON lines and XLSX, whatever their encoding, header or merged cells."""
