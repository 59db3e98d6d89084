"""The command line: one file per verb, which parses its arguments, calls the library and prints."""
