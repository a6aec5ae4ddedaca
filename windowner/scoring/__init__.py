"""Entity precision, recall and F1 as conlleval counts them; intervals, significance and calibration."""
