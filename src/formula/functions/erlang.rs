//! The Erlang C model of a queue: calls come independently of each other, callers wait as long as it takes, every agent
//! takes every call. The functions of staffing ask it; their documentation is with them.
//!
//! Formulas: A. K. Erlang, 1917; the recursion that neither overflows nor loses digits with thousands of agents is
//! B(0) = 1, B(n) = A·B(n−1) / (n + A·B(n−1)), and C(n) = n·B(n) / (n − A + A·B(n)).

use super::{Accepts, Call, Parameter};
use crate::formula::mistake::Mistake;

/// More agents than this, or a load that needs them, come from times that are not seconds.
const MOST_AGENTS: f64 = 1_000_000.0;

pub(super) const CALLS: Parameter =
    Parameter::required("calls", Accepts::Number, "how many calls come in the interval");
pub(super) const AHT_S: Parameter = Parameter::required(
    "aht_s",
    Accepts::Number,
    "the average handle time: talk, hold and after-call work, in seconds",
);
pub(super) const INTERVAL_S: Parameter =
    Parameter::required("interval_s", Accepts::Number, "the interval's length in seconds: 1800 for half an hour");
pub(super) const AGENTS: Parameter = Parameter::required(
    "agents",
    Accepts::Number,
    "how many agents take calls; between two whole numbers the result lies between theirs",
);
pub(super) const THRESHOLD_S: Parameter =
    Parameter::required("threshold_s", Accepts::Number, "within how many seconds a call is to be answered");

/// A queue in one interval.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queue {
    /// The traffic, in Erlang: how many agents the calls would keep busy without a pause.
    pub(super) load: f64,
    /// Average handle time in seconds.
    handle_time: f64,
}

impl Queue {
    /// The queue that the first three arguments of a call describe; none where they are no load: an interval of no
    /// length, a negative number.
    pub(super) fn of(call: &Call<'_>) -> Result<Option<Self>, Mistake> {
        let (calls, handle_time, interval) = (call.number(0)?, call.number(1)?, call.number(2)?);
        let load = calls * handle_time / interval;
        if calls < 0.0 || handle_time < 0.0 || interval <= 0.0 {
            return Ok(None);
        }
        if load > MOST_AGENTS {
            return Err(too_many(call, load));
        }
        Ok(Some(Self { load, handle_time }))
    }

    /// The probability that a caller has to wait, 0 to 1. With no more agents than load everybody waits.
    pub(super) fn waiting(self, agents: f64) -> f64 {
        self.between(agents, Self::waiting_at)
    }

    /// The share of callers answered within so many seconds, 0 to 1.
    pub(super) fn service_level(self, agents: f64, threshold: f64) -> f64 {
        self.between(agents, |queue, agents, blocking| queue.service_level_at(agents, blocking, threshold))
    }

    /// The mean wait of all callers in seconds; infinite with no more agents than load, as the queue only grows.
    pub(super) fn mean_wait(self, agents: f64) -> f64 {
        self.between(agents, |queue, agents, blocking| match queue {
            Self { load: 0.0, .. } => 0.0,
            _ if agents <= queue.load => f64::INFINITY,
            _ => queue.waiting_at(agents, blocking) * queue.handle_time / (agents - queue.load),
        })
    }

    /// The smallest whole number of agents with which at least this share of callers, below 1, is answered in time.
    pub(super) fn required_agents(self, share: f64, threshold: f64) -> f64 {
        let (mut agents, mut blocking) = (0.0, 1.0);
        while self.service_level_at(agents, blocking, threshold) < share {
            agents += 1.0;
            blocking = self.next_blocking(agents, blocking);
        }
        agents
    }

    /// A figure for any number of agents: those who are there for a part of the interval count in proportion.
    fn between(self, agents: f64, figure: impl Fn(Self, f64, f64) -> f64) -> f64 {
        let (whole, part) = (agents.floor(), agents.fract());
        let (mut count, mut blocking) = (0.0, 1.0);
        while count < whole {
            count += 1.0;
            blocking = self.next_blocking(count, blocking);
        }
        let below = figure(self, whole, blocking);
        if part == 0.0 {
            return below;
        }
        let above = figure(self, whole + 1.0, self.next_blocking(whole + 1.0, blocking));
        (1.0 - part) * below + part * above
    }

    /// Erlang B: the probability that all agents are busy if nobody waited, from that of one agent less.
    fn next_blocking(self, agents: f64, one_less: f64) -> f64 {
        self.load * one_less / (agents + self.load * one_less)
    }

    fn waiting_at(self, agents: f64, blocking: f64) -> f64 {
        match self {
            // Nobody comes, so nobody waits.
            Self { load: 0.0, .. } => 0.0,
            _ if agents <= self.load => 1.0,
            // No difference of nearly equal numbers, unlike the usual form 1 − ρ (1 − B).
            _ => agents * blocking / (agents - self.load + self.load * blocking),
        }
    }

    fn service_level_at(self, agents: f64, blocking: f64, threshold: f64) -> f64 {
        match self {
            Self { load: 0.0, .. } => 1.0,
            _ if agents <= self.load => 0.0,
            _ => {
                let late = (-(agents - self.load) * threshold / self.handle_time).exp();
                1.0 - self.waiting_at(agents, blocking) * late
            }
        }
    }
}

/// The number of agents at this place; none where it is negative.
pub(super) fn agents(call: &Call<'_>, index: usize) -> Result<Option<f64>, Mistake> {
    let agents = call.number(index)?;
    if agents > MOST_AGENTS {
        Err(too_many(call, agents).of_argument(index))
    } else {
        Ok((agents >= 0.0).then_some(agents))
    }
}

fn too_many(call: &Call<'_>, agents: f64) -> Mistake {
    Mistake::kind(format!("`{}` computes up to 1,000,000 agents, not {agents:.0}", call.name))
        .hint("give the calls of one interval, and all times in seconds")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn queue(calls: f64, handle_time: f64, interval: f64) -> Queue {
        Queue { load: calls * handle_time / interval, handle_time }
    }

    #[track_caller]
    fn check(computed: f64, published: f64, tolerance: f64) {
        assert!((computed - published).abs() <= tolerance, "{computed} instead of {published}");
    }

    #[test]
    fn published_figures_are_reproduced() {
        // 100 calls in half an hour, 3 minutes each, 14 agents, 20 s: the example of the Python package pyworkforce.
        let half_hour = queue(100.0, 180.0, 1800.0);
        check(half_hour.load, 10.0, 0.0);
        check(half_hour.waiting(14.0), 0.174_131_933_595_049_8, 1e-15);
        check(half_hour.service_level(14.0, 20.0), 0.888_350_019_179_466_9, 1e-15);
        check(half_hour.required_agents(0.8, 20.0), 14.0, 0.0);
        // 360 calls in half an hour, 4 minutes each, 55 agents: the usual example of call-centre textbooks.
        let textbook = queue(360.0, 240.0, 1800.0);
        check(textbook.waiting(55.0), 0.2387, 5e-5);
        check(textbook.mean_wait(55.0), 8.184, 5e-4);
        check(textbook.service_level(55.0, 20.0), 0.8668, 5e-4);
        check(textbook.required_agents(0.8, 20.0), 54.0, 0.0);
        // 250 calls in an hour, 330 s each, 80 % in 30 s: jonesthenet.com, "Erlang uplift".
        check(queue(250.0, 330.0, 3600.0).required_agents(0.8, 30.0), 28.0, 0.0);
        // Two agents with one Erlang and three with two: 1/3 and 4/9 in closed form.
        check(queue(1.0, 1.0, 1.0).waiting(2.0), 1.0 / 3.0, 1e-15);
        check(queue(2.0, 1.0, 1.0).waiting(3.0), 4.0 / 9.0, 1e-15);
    }

    #[test]
    fn the_ends_of_the_range_are_defined() {
        let busy = queue(100.0, 180.0, 1800.0);
        check(busy.waiting(10.0), 1.0, 0.0);
        check(busy.waiting(0.0), 1.0, 0.0);
        check(busy.service_level(10.0, 20.0), 0.0, 0.0);
        assert_eq!(busy.mean_wait(10.0), f64::INFINITY);
        check(busy.required_agents(0.0, 20.0), 0.0, 0.0);
        let quiet = queue(0.0, 180.0, 1800.0);
        check(quiet.waiting(0.0), 0.0, 0.0);
        check(quiet.service_level(0.0, 0.0), 1.0, 0.0);
        check(quiet.mean_wait(3.0), 0.0, 0.0);
        check(quiet.required_agents(0.99, 20.0), 0.0, 0.0);
        let large = queue(1_000_000.0, 18.0, 3600.0);
        assert!((0.0..1.0).contains(&large.waiting(5_050.0)));
        assert!(large.required_agents(0.999_999, 1.0) < 5_500.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn more_agents_are_never_worse(load in 0.01..3_000.0_f64, more in 0.0..80.0_f64, step in 0.01..5.0_f64, threshold in 0.0..300.0_f64) {
            let queue = Queue { load, handle_time: 200.0 };
            let (few, many) = (load + more, load + more + step);
            let slack = 1e-12;
            prop_assert!(queue.waiting(many) <= queue.waiting(few) + slack);
            prop_assert!(queue.service_level(many, threshold) + slack >= queue.service_level(few, threshold));
            prop_assert!(queue.mean_wait(many) <= queue.mean_wait(few) + slack);
            for agents in [few, many] {
                prop_assert!((0.0..=1.0).contains(&queue.waiting(agents)));
                prop_assert!((0.0..=1.0).contains(&queue.service_level(agents, threshold)));
            }
        }

        #[test]
        fn required_agents_are_the_fewest_that_reach_the_target(load in 0.0..3_000.0_f64, share in 0.01..0.9999_f64, threshold in 0.0..300.0_f64) {
            let queue = Queue { load, handle_time: 200.0 };
            let agents = queue.required_agents(share, threshold);
            prop_assert!(queue.service_level(agents, threshold) >= share);
            prop_assert!(agents == 0.0 || queue.service_level(agents - 1.0, threshold) < share);
        }

        /// The sum over factorials, computed by logarithms: another way to the same number.
        #[test]
        fn the_recursion_gives_what_the_definition_says(load in 0.1..200.0_f64, more in 1..60_u32) {
            let agents = load.ceil() + f64::from(more);
            let term = |n: f64| n * load.ln() - (1..=n as u32).map(|k| f64::from(k).ln()).sum::<f64>();
            let top = term(agents) + (agents / (agents - load)).ln();
            let sum: f64 = (0..agents as u32).map(|n| (term(f64::from(n)) - top).exp()).sum();
            let defined = 1.0 / (sum + 1.0);
            let computed = Queue { load, handle_time: 1.0 }.waiting(agents);
            prop_assert!((computed - defined).abs() < 1e-9);
        }
    }
}
