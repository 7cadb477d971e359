#!/usr/bin/env python3
"""Writes seeds/matlab: tiny background models in the layout of MATLAB 7.3 (needs h5py; the files are committed)."""
import os

import h5py
import numpy as np

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds", "matlab")


def write(name, libver, user_block, **layout):
    with h5py.File(os.path.join(folder, name), "w", libver=libver, userblock_size=user_block) as file:
        group = file.create_group("ubm")
        group.create_dataset("weights", data=np.array([[0.25], [0.75]]), **layout)
        group.create_dataset("means", data=np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]), **layout)
        group.create_dataset("cova", data=np.ones((3, 2)), **layout)


write("matlab.h5", "earliest", 512)
write("chunked.h5", "earliest", 0, chunks=True, compression="gzip", shuffle=True)
write("two-nodes.h5", "earliest", 512, chunks=(1, 1))
