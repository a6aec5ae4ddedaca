"""Experiments: settings of a grid, trained with several seeds on several amounts of data, and compared."""
