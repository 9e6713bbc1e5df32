//! Behaviour of the PDF exporter.
