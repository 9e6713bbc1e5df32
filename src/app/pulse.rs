//! Whether the service lives: it looks at what is due every second, and no work takes for ever.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A service that has not looked at what is due for so long, and is not at work, has stopped.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Work that takes longer than this is stuck. A run's claim lapses earlier.
const LONGEST_WORK: Duration = Duration::from_secs(15 * 60);
/// Stands for "not at work".
const IDLE: u64 = u64::MAX;

/// When the service last looked at what is due, and since when it is at work.
#[derive(Debug)]
pub(super) struct Pulse {
    begin: Instant,
    /// In milliseconds after the beginning.
    beat: AtomicU64,
    working_since: AtomicU64,
    /// Whether the workspace's files as they are now are in use.
    valid: AtomicBool,
}

/// How the workspace's files stand to what is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Files {
    /// They are in use.
    InUse,
    /// They have mistakes.
    Mistaken,
}

impl Pulse {
    pub(super) fn new(files: Files) -> Self {
        Self {
            begin: Instant::now(),
            beat: AtomicU64::new(0),
            working_since: AtomicU64::new(IDLE),
            valid: AtomicBool::new(files == Files::InUse),
        }
    }

    /// The service looks at what is due and may find work.
    pub(super) fn begin_work(&self) {
        let now = self.elapsed();
        self.beat.store(now, Ordering::Relaxed);
        self.working_since.store(now, Ordering::Relaxed);
    }

    /// The work is done, or there was none.
    pub(super) fn end_work(&self) {
        self.working_since.store(IDLE, Ordering::Relaxed);
        self.beat.store(self.elapsed(), Ordering::Relaxed);
    }

    /// How long ago it last looked.
    pub(super) fn age(&self) -> Duration {
        self.since(self.beat.load(Ordering::Relaxed))
    }

    /// Why it is taken for dead; none while it lives.
    pub(super) fn complaint(&self) -> Option<String> {
        match self.working_since.load(Ordering::Relaxed) {
            IDLE if self.age() > LONGEST_PAUSE => {
                Some(format!("it has not looked at what is due for {} s", self.age().as_secs()))
            }
            IDLE => None,
            since if self.since(since) > LONGEST_WORK => {
                Some(format!("it has been at the same work for {} s", self.since(since).as_secs()))
            }
            _ => None,
        }
    }

    pub(super) fn set_files(&self, files: Files) {
        self.valid.store(files == Files::InUse, Ordering::Relaxed);
    }

    pub(super) fn files(&self) -> Files {
        if self.valid.load(Ordering::Relaxed) { Files::InUse } else { Files::Mistaken }
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(IDLE - 1)
    }

    fn since(&self, moment: u64) -> Duration {
        Duration::from_millis(self.elapsed().saturating_sub(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service that began so long ago, looked last at this moment and is at work since that one; in seconds.
    fn check(began: u64, beat: u64, working: Option<u64>, lives: bool) {
        let pulse = Pulse {
            begin: Instant::now().checked_sub(Duration::from_secs(began)).expect("the machine runs that long"),
            beat: AtomicU64::new(beat * 1_000),
            working_since: AtomicU64::new(working.map_or(IDLE, |since| since * 1_000)),
            valid: AtomicBool::new(true),
        };
        assert_eq!(pulse.complaint().is_none(), lives, "{began} {beat} {working:?}: {:?}", pulse.complaint());
    }

    #[test]
    fn a_service_lives_while_it_looks_or_works() {
        check(0, 0, None, true);
        check(1_000, 950, None, true);
        check(1_000, 930, None, false);
        // A long run is no death.
        check(1_000, 500, Some(500), true);
        check(1_000, 50, Some(50), false);
    }
}
