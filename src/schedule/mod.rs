//! Schedules: due instants as pure functions, and the heartbeat that asks for them.
