"""The part of the BlazePose estimator that runs inside a worker process.

It imports the standard library, numpy, cv2 and LiteRT, and nothing of hpe_studio.
Within it, image positions are continuous: the first pixel covers 0 to 1, as the
networks' own normalised coordinates do; `serve` turns them into stored pixels (centre
of the first pixel at 0, 0) on the way out.
"""
