//! The formula language: Rhai with its limits, column expressions, aggregates, functions. No I/O, no clock.
