//! The six queues of the demo: how many calls each gets, how long they take, how patient its callers are.

use crate::locale::Language;

/// What distinguishes one queue from another.
pub(super) struct Queue {
    names: [&'static str; 2],
    /// Calls expected on an ordinary Monday.
    pub daily_calls: f64,
    /// Mean conversation, in seconds.
    pub talk: f64,
    /// Mean after-call work, in seconds.
    pub wrap: f64,
    /// Mean patience of a caller who waits, in seconds.
    pub patience: f64,
    /// The share of calls that end with the caller's matter settled.
    pub resolved: f64,
    /// The share of answered calls that are passed on.
    pub transferred: f64,
    /// The share of answered calls that end in a sale; none where nothing is sold.
    pub sales: Option<f64>,
    /// Who is served first when several queues wait: higher goes first.
    pub priority: i64,
    /// `inbound`, or `outbound` where the centre calls back on request.
    pub direction: &'static str,
}

/// The queue that gets worse over the last weeks.
pub(super) const WORSENING: usize = 1;
/// The queue with the surge in the last full week.
pub(super) const SURGING: usize = 2;

/// All queues; agents and calls refer to them by index.
pub(super) const QUEUES: [Queue; 6] = [
    Queue { sales: Some(0.17), ..queue(["Sales", "Продажи"], 390.0, 236.0, 47.0, 330.0, 0.83, 0.06, 2) },
    queue(["Support", "Техподдержка"], 452.0, 266.0, 53.0, 400.0, 0.75, 0.11, 1),
    queue(["Billing", "Расчёты"], 318.0, 204.0, 38.0, 360.0, 0.82, 0.08, 1),
    queue(["Contracts", "Договоры"], 192.0, 242.0, 58.0, 400.0, 0.80, 0.12, 1),
    Queue { sales: Some(0.09), ..queue(["VIP", "VIP"], 104.0, 272.0, 58.0, 330.0, 0.90, 0.04, 3) },
    Queue {
        direction: "outbound", ..queue(["Callback", "Обратный звонок"], 133.0, 194.0, 32.0, 480.0, 0.84, 0.05, 0)
    },
];

impl Queue {
    /// The queue's name in this language.
    pub(super) fn name(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.names[0],
            Language::Russian => self.names[1],
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one row of the table above for each queue")]
const fn queue(
    names: [&'static str; 2],
    daily_calls: f64,
    talk: f64,
    wrap: f64,
    patience: f64,
    resolved: f64,
    transferred: f64,
    priority: i64,
) -> Queue {
    Queue {
        names,
        daily_calls,
        talk,
        wrap,
        patience,
        resolved,
        transferred,
        sales: None,
        priority,
        direction: "inbound",
    }
}
