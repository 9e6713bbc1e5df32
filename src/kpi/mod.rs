//! KPIs: definitions compiled, evaluated in rounds over a window, and the snapshot of their values.

pub mod question;
pub mod snapshot;

pub use question::*;
pub use snapshot::*;
