"""The only modules that know the libraries for codes, papers, sealing, storage and spreadsheets."""
