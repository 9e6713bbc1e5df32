//! The heartbeat: once a second it says that it is time to look what is due. It decides nothing, and knows neither
//! schedules nor zones, because the scheduler underneath forgets a job's zone after its first run.

use std::time::Duration;

use tokio::sync::watch;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

/// Without a beat for so long, [`Heartbeat::tick`] comes back all the same. The scheduler underneath waits for the wall
/// clock, so it is silent when that is set back.
const SILENCE: Duration = Duration::from_secs(30);

/// Beats once a second for one consumer. Beats that come while the consumer is at work are one beat to it.
pub struct Heartbeat {
    scheduler: JobScheduler,
    beats: watch::Receiver<()>,
    /// Kept so that the channel outlives the scheduler.
    _sender: watch::Sender<()>,
}

/// Why [`Heartbeat::tick`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// A second has passed, or more than one.
    Beat,
    /// No beat came for half a minute: the clock was set back, or the scheduler has died. Due runs can be looked for
    /// as after any beat.
    Silence,
}

/// Why there is no heartbeat; at start nothing but the process itself is involved, so a retry makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("the heartbeat cannot be {action}: {reason}")]
pub struct HeartbeatError {
    action: &'static str,
    reason: JobSchedulerError,
}

impl Heartbeat {
    /// Starts beating, on the present tokio runtime.
    pub async fn start() -> Result<Self, HeartbeatError> {
        let failed = |reason| HeartbeatError { action: "started", reason };
        let scheduler = JobScheduler::new().await.map_err(failed)?;
        let (sender, beats) = watch::channel(());
        let beat = sender.clone();
        // The body is async and cannot fail: a panic in a body that is not would stop the job for ever, unseen.
        let job = Job::new_async("* * * * * *", move |_, _| {
            let beat = beat.clone();
            Box::pin(async move {
                beat.send_replace(());
            })
        });
        scheduler.add(job.map_err(failed)?).await.map_err(failed)?;
        scheduler.start().await.map_err(failed)?;
        Ok(Self { scheduler, beats, _sender: sender })
    }

    /// Waits for the next beat; comes back at once when one has come since the last call. Dropping the future loses
    /// no beat.
    pub async fn tick(&mut self) -> Tick {
        match tokio::time::timeout(SILENCE, self.beats.changed()).await {
            // The sender lives as long as this does, so the channel cannot be closed.
            Ok(_) => Tick::Beat,
            Err(_) => Tick::Silence,
        }
    }

    /// Stops beating.
    pub async fn stop(mut self) -> Result<(), HeartbeatError> {
        self.scheduler.shutdown().await.map_err(|reason| HeartbeatError { action: "stopped", reason })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn it_beats_and_stops() {
        let mut heartbeat = Heartbeat::start().await.unwrap();
        let begin = std::time::Instant::now();
        for _ in 0..2 {
            assert_eq!(heartbeat.tick().await, Tick::Beat);
        }
        assert!(begin.elapsed() < Duration::from_secs(10), "two beats took {:?}", begin.elapsed());
        heartbeat.stop().await.unwrap();
    }

    #[tokio::test]
    async fn beats_that_come_during_work_are_one() {
        // The scheduler is not started, so the only beats are these.
        let (sender, beats) = watch::channel(());
        let scheduler = JobScheduler::new().await.unwrap();
        let mut heartbeat = Heartbeat { scheduler, beats, _sender: sender.clone() };
        assert_eq!(heartbeat.tick().now_or_never(), None);
        for _ in 0..3 {
            sender.send_replace(());
        }
        assert_eq!(heartbeat.tick().now_or_never(), Some(Tick::Beat));
        assert_eq!(heartbeat.tick().now_or_never(), None);
    }
}
