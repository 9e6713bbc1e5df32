//! Tests that look at callbrief from the outside or need real servers, in one binary. `bash tests/run` starts the
//! servers and sets their addresses.

#![expect(clippy::unwrap_used, reason = "all of it is tests, which a missing database or a wrong constant ends")]

mod alerts;
mod backtest;
mod backup;
mod changed_clocks;
mod columns;
mod command_line;
mod databases;
mod dataset;
mod demo;
mod diagnostics;
mod dialects;
mod doctor;
mod explained;
mod headline;
#[path = "../headline/mod.rs"]
mod headline_run;
mod hostile;
mod import;
mod injection;
mod letters;
mod library;
mod mail;
mod measured;
mod operate;
mod pdf;
mod postfix;
mod preview;
mod processes;
mod program;
mod prometheus;
mod pwc;
mod read_only;
mod readme;
mod recipients;
mod reference;
mod rule_tests;
mod same_answers;
mod schemas;
mod serve;
mod smtp;
mod smtp_sink;
mod source;
mod types;
mod webhook;
