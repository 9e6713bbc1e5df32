//! Straight-line functions: one report run, one delivery round.
