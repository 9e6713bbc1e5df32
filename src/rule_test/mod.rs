//! Rule tests played: rows in databases in memory, the production's statements over them, its alert tick minute by minute
//! with a journal in memory, and what came compared with what was expected. No clock, no file, no mail.

mod alerts;
mod difference;
mod junit;
mod kpis;
mod notices;
mod run;
mod stage;
mod states;
mod table;

pub use difference::{Difference, Outcome};
pub use junit::junit;
pub use run::run;
