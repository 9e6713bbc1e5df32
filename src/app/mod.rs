//! `serve`: the composition root.
