"""Handing up: what a collection holds as one file, and that file taken in by the collection above.

``write`` makes the bundle, ``read`` verifies all of it before anything is taken, ``receive`` takes it in, whole or not
at all. Handing up is merging: the collection above is then as if everything had been handed in there.
"""
