//! Archplay simulation kernel: clock, event queue, random streams, samplers, histograms, series
