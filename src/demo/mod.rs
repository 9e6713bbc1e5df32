//! The demo: a seeded generator of call data.
