-- Energy above 1 kHz over energy below, per step (asr.contour). NULL or empty: it was not taken.
ALTER TABLE contours ADD COLUMN balance_db FLOAT[];
