//! Exporters: a document in, bytes out. They format no numbers and decide no status.

pub mod pdf;
