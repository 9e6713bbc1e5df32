//! The state machine by tables of observations, and its promises on any sequence of them.

use proptest::prelude::*;

use super::*;

/// One minute a step; `M` met, `.` clear, `b` between, `n` no data, `e` error, `s` clear without new rows, `M` likewise
/// with new rows. What comes of each: the phase's first letter, and `!` fired, `+` repeated, `-` over.
#[track_caller]
fn check(timing: &Timing, observations: &str, expected: &str) {
    let mut state: Option<AlertState> = None;
    let mut newest = at(0);
    let mut got = Vec::new();
    for (minute, letter) in observations.chars().filter(|letter| *letter != ' ').enumerate() {
        let now = at(minute as i64 + 1);
        if !matches!(letter, 's' | 'n' | 'e') {
            newest = now - TimeDelta::seconds(1);
        }
        let step = advance(state.as_ref(), observation(verdict(letter), newest), timing, now);
        let mark = match step.notice {
            Some(Notice::Fired) => "!",
            Some(Notice::Repeated) => "+",
            Some(Notice::Resolved) => "-",
            None => "",
        };
        let phase = match step.state.phase {
            Phase::Inactive => "i",
            Phase::Pending => "p",
            Phase::Firing => "f",
            Phase::Recovering => "r",
        };
        got.push(format!("{phase}{mark}"));
        state = Some(step.state);
    }
    assert_eq!(got.join(" "), expected, "{observations}");
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_392_000 + minute * 60, 0).unwrap()
}

fn verdict(letter: char) -> Verdict {
    match letter {
        'M' => Verdict::Met,
        '.' | 's' => Verdict::Clear,
        'b' => Verdict::Between,
        'n' => Verdict::NoData("no data for `service_level`".to_owned()),
        'e' => Verdict::Error("the database is gone".to_owned()),
        _ => panic!("no observation is written {letter}"),
    }
}

fn observation(verdict: Verdict, newest: DateTime<Utc>) -> Observation {
    Observation { verdict, values: BTreeMap::new(), newest: Some(newest), presence: Presence::Rows }
}

fn timing(hold: i64, keep_firing_for: i64) -> Timing {
    Timing {
        every: TimeDelta::minutes(1),
        hold: TimeDelta::minutes(hold),
        keep_firing_for: TimeDelta::minutes(keep_firing_for),
        repeat_every: None,
        no_data: NoDataPolicy::Keep,
    }
}

#[test]
fn the_waiting_times_are_those_of_prometheus() {
    check(&timing(0, 0), ". M M . M", "i f! f i- f!");
    check(&timing(2, 0), "M M M M .", "p p f! f i-");
    check(&timing(2, 0), "M M . M M M", "p p i p p f!");
    check(&timing(0, 2), "M . . . .", "f! r r i- i");
    check(&timing(0, 2), "M . . M . . . .", "f! r r f r r i- i");
    check(&timing(2, 2), "M M M . . . M", "p p f! r r i- p");
}

#[test]
fn recovery_waits_for_its_threshold() {
    check(&timing(0, 0), "b M b b . b", "i f! f f i- i");
    check(&timing(1, 0), "M b M M", "p i p f!");
    check(&timing(0, 2), "M . b . . .", "f! r f r r i-");
}

#[test]
fn a_reminder_comes_when_it_is_due_and_never_while_it_recovers() {
    let timing = Timing { repeat_every: Some(TimeDelta::minutes(3)), ..timing(0, 9) };
    check(&timing, "M M M M M M M", "f! f f f+ f f f+");
    check(&timing, "M . . . . M M", "f! r r r r f+ f");
    check(&timing, "M n n n n M", "f! f f f f f+");
}

#[test]
fn no_data_and_errors_keep_the_state() {
    check(&timing(0, 0), "n M n e n . e", "i f! f f f i- i");
    check(&timing(2, 0), "M n e M", "p p p f!");
    check(&timing(0, 2), "M . n e n .", "f! r r r r i-");
}

#[test]
fn a_silent_feed_ends_nothing() {
    check(&timing(0, 0), "M s s s .", "f! f f f i-");
    check(&timing(0, 2), "M . s s s s .", "f! r r r r r i-");
    // Without an alert that fires, "no calls" is a fact.
    check(&timing(2, 0), "M s M", "p i p");
    for policy in [NoDataPolicy::Keep, NoDataPolicy::Ok, NoDataPolicy::Alert] {
        check(&Timing { no_data: policy, ..timing(0, 0) }, "M s n s", "f! f f f");
    }
}

#[test]
fn what_no_data_means_is_the_rules_choice() {
    let ok = Timing { no_data: NoDataPolicy::Ok, ..timing(1, 0) };
    check(&ok, "M n M M", "p i p f!");
    let alert = Timing { no_data: NoDataPolicy::Alert, ..timing(1, 0) };
    check(&alert, "n n n . n M", "p f! f i- p f!");
    // What fired for want of data has no recovery threshold to wait for.
    check(&alert, "n n b", "p f! i-");
    check(&alert, "n n M b", "p f! f f");
}

#[test]
fn waiting_begins_anew_after_an_outage() {
    let check = |gap: i64, expected: (Phase, Reason)| {
        let timing = timing(5, 0);
        let first = advance(None, observation(Verdict::Met, at(0)), &timing, at(0)).state;
        let step = advance(Some(&first), observation(Verdict::Met, at(gap)), &timing, at(gap));
        assert_eq!((step.state.phase, step.reason), expected, "after {gap} minutes");
    };
    check(4, (Phase::Pending, Reason::Holds));
    check(5, (Phase::Firing, Reason::HeldLongEnough));
    check(60, (Phase::Firing, Reason::HeldLongEnough));
    check(61, (Phase::Pending, Reason::BeganAnew));
}

#[test]
fn an_incident_remembers_its_beginning_and_its_worst() {
    let timing = timing(1, 1);
    let mut state = None;
    for (minute, verdict, level) in
        [(1, 'M', 60.0), (2, 'M', 41.0), (3, 'M', 55.0), (4, '.', 90.0), (5, 'e', 0.0), (6, 'M', 30.0)]
    {
        let values = [("service_level".to_owned(), level)].into();
        let observed = Observation { values, ..observation(self::verdict(verdict), at(minute)) };
        state = Some(advance(state.as_ref(), observed, &timing, at(minute)).state);
    }
    let state = state.unwrap();
    assert_eq!(state.active_since, Some(at(1)));
    assert_eq!((state.phase, state.since), (Phase::Firing, at(6)));
    assert_eq!(state.extremes["service_level"], Extremes { lowest: 30.0, highest: 60.0 });
    assert_eq!(state.trouble, None);
}

#[test]
fn trouble_is_told_with_its_beginning() {
    let timing = timing(0, 0);
    let mut state = advance(None, observation(Verdict::Met, at(1)), &timing, at(1)).state;
    let mut check = |minute: i64, verdict: Verdict, word: &str, reason: &str, since: i64| {
        let step = advance(Some(&state), observation(verdict, at(1)), &timing, at(minute));
        let trouble = step.state.trouble.as_ref().unwrap();
        assert_eq!((step.state.word(), trouble.reason.as_str(), trouble.since), (word, reason, at(since)));
        state = step.state;
    };
    check(2, verdict('n'), "no_data", "no data for `service_level`", 2);
    check(3, Verdict::Clear, "no_data", "no rows newer than 2026-11-23 00:01:00 UTC", 2);
    check(4, verdict('e'), "error", "the database is gone", 4);
}

proptest! {
    #[test]
    fn every_alert_that_is_over_had_fired_and_fires_once(
        observations in prop::collection::vec(prop::sample::select(vec!['M', 'M', '.', 'b', 'n', 'e', 's']), 1..60),
        hold in 0_i64..4,
        keep in 0_i64..4,
        repeat in prop::option::of(1_i64..4),
        policy in prop::sample::select(vec![NoDataPolicy::Keep, NoDataPolicy::Ok, NoDataPolicy::Alert]),
    ) {
        let timing = Timing {
            repeat_every: repeat.map(TimeDelta::minutes),
            no_data: policy,
            ..timing(hold, keep)
        };
        let (mut state, mut open, mut newest) = (None, false, at(0));
        for (minute, letter) in observations.into_iter().enumerate() {
            let now = at(minute as i64 + 1);
            let fresh = !matches!(letter, 's' | 'n' | 'e');
            if fresh {
                newest = now;
            }
            let step = advance(state.as_ref(), observation(verdict(letter), newest), &timing, now);
            match step.notice {
                Some(Notice::Fired) => prop_assert!(!std::mem::replace(&mut open, true)),
                Some(Notice::Repeated) => prop_assert!(open),
                Some(Notice::Resolved) => {
                    prop_assert!(std::mem::replace(&mut open, false));
                    // Only an answer ends an alert; "no data is fine" does so while other rows keep coming.
                    prop_assert!(letter == '.' || letter == 'b' || policy == NoDataPolicy::Ok || letter == 's');
                    prop_assert!(letter != 'e');
                }
                None => {}
            }
            prop_assert_eq!(open, step.state.is_firing());
            prop_assert_eq!(step.state.phase == Phase::Inactive, step.state.active_since.is_none());
            state = Some(step.state);
        }
    }
}
