//! Tests that look at callbrief from the outside, in one binary.

mod diagnostics;
