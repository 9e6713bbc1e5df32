//! The rows over which the functions' examples are computed, for the function reference and the test that runs them.

/// Five calls of Monday, 16 November 2026, as CSV; times are local. Empty is "no value": nobody talked in a call that
/// was not answered, and not every caller answered the questions.
pub const EXAMPLE_ROWS: &str = "\
started_at,queue,offered,answered,abandoned,wait_s,talk_s,csat,nps,ces
2026-11-16 09:05:00,Sales,1,1,0,5,180,3,9,5
2026-11-16 09:40:00,Sales,1,1,0,10,120,,10,6
2026-11-16 09:59:59,Sales,1,0,1,30,,,,
2026-11-16 10:00:00,Support,1,1,0,10,200,4,7,2
2026-11-16 17:30:00,Support,1,1,0,55,220,5,3,6
";
