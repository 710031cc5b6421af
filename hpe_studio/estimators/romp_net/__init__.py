"""The scripts that run ROMP and BEV in another process, perhaps in another Python.

They import nothing of hpe_studio: numpy, OpenCV, torch and simple-romp are all they
need, and Python 3.8.
"""
