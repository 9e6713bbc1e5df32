//! The state machine by tables of observations, and its promises on any sequence of them.

use proptest::prelude::*;

use super::*;
use crate::alert::telling::{Mute, Notice, tell};

/// One minute a step; `M` met, `.` clear, `b` between, `n` no data, `e` error, `t` too few, `s` clear without new rows; of
/// two severities `W` the warning met, `C` both, `B` the warning met and the critical between. What comes of each: the first
/// letter of each severity's phase, and `!` fired, `^` worse, `v` eased, `+` repeated, `-` over.
#[track_caller]
fn check(timing: &Timing, observations: &str, expected: &str) {
    let mut state: Option<AlertState> = None;
    let mut newest = at(0);
    let mut got = Vec::new();
    for (minute, letter) in observations.chars().filter(|letter| *letter != ' ').enumerate() {
        let now = at(minute as i64 + 1);
        if !matches!(letter, 's' | 'n' | 'e' | 't') {
            newest = now - TimeDelta::seconds(1);
        }
        let mut step = advance(state.as_ref(), observation(verdict(letter), newest), timing, now);
        let mark = match tell(&mut step.state, step.reason, None, timing, now) {
            Some(Notice::Fired) => "!",
            Some(Notice::Escalated) => "^",
            Some(Notice::Eased) => "v",
            Some(Notice::Repeated) => "+",
            Some(Notice::Resolved | Notice::HoursEnded) => "-",
            None => "",
        };
        let phases: String = step.state.tracks.iter().map(|track| &track.phase.word()[..1]).collect();
        got.push(format!("{phases}{mark}"));
        state = Some(step.state);
    }
    assert_eq!(got.join(" "), expected, "{observations}");
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_392_000 + minute * 60, 0).unwrap()
}

fn verdict(letter: char) -> Verdict {
    match letter {
        'M' => Verdict::Judged(vec![Judgement::Met]),
        'W' => Verdict::Judged(vec![Judgement::Met, Judgement::Clear]),
        'C' => Verdict::Judged(vec![Judgement::Clear, Judgement::Met]),
        'B' => Verdict::Judged(vec![Judgement::Met, Judgement::Between]),
        '.' | 's' => Verdict::Judged(vec![Judgement::Clear, Judgement::Clear]),
        'b' => Verdict::Judged(vec![Judgement::Between, Judgement::Clear]),
        't' => Verdict::TooFew("too little to judge by: `offered >= 20` is not true".to_owned()),
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
        severities: vec![AlertSeverity::Critical],
        every: TimeDelta::minutes(1),
        hold: TimeDelta::minutes(hold),
        keep_firing_for: TimeDelta::minutes(keep_firing_for),
        repeat_every: Vec::new(),
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
    let timing = Timing { repeat_every: vec![TimeDelta::minutes(3)], ..timing(0, 9) };
    check(&timing, "M M M M M M M", "f! f f f+ f f f+");
    check(&timing, "M . . . . M M", "f! r r r r f+ f");
    check(&timing, "M n n n n M", "f! f f f f f+");
}

#[test]
fn no_data_and_errors_keep_the_state() {
    check(&timing(0, 0), "n M n e n . e", "i f! f f f i- i");
    check(&timing(2, 0), "M n e M", "p p p f!");
    check(&timing(0, 2), "M . n e n .", "f! r r r r i-");
    check(&timing(1, 0), "t M t M t t .", "i p p f! f f i-");
}

fn of_two(hold: i64, keep_firing_for: i64) -> Timing {
    Timing { severities: AlertSeverity::ALL.to_vec(), ..timing(hold, keep_firing_for) }
}

#[test]
fn severities_run_through_the_phases_by_themselves() {
    check(&of_two(0, 0), "W C W .", "fi! ff^ fiv ii-");
    // What is bad enough for the worse one is so for the milder one.
    check(&of_two(2, 0), "W C C W .", "pi pp fp! fi ii-");
    check(&of_two(2, 0), "C C C . C", "pp pp ff! ii- pp");
    check(&of_two(2, 0), "W W W C C C", "pi pi fi! fp fp ff^");
    // The worse one waits for its own recovery; it eases when it cleared long enough ago.
    check(&of_two(0, 0), "C B B W b .", "ff! ff ff fiv fi ii-");
    check(&of_two(0, 2), "C W W W . . .", "ff! fr fr fiv ri ri ii-");
    check(&of_two(0, 2), "C W C . . .", "ff! fr ff rr rr ii-");
    // Old rows that leave the window do not ease anything either.
    check(&of_two(0, 0), "C s W", "ff! ff fiv");
}

#[test]
fn a_rule_may_get_and_lose_a_severity() {
    let fired = advance(None, observation(verdict('C'), at(0)), &of_two(0, 0), at(0)).state;
    let step = advance(Some(&fired), observation(verdict('M'), at(1)), &timing(0, 0), at(1));
    assert_eq!((step.state.tracks.len(), step.reason), (1, Reason::StillMet));
    let step = advance(Some(&step.state), observation(verdict('C'), at(2)), &of_two(0, 0), at(2));
    assert!(step.state.tracks.iter().all(Track::is_firing));
}

#[test]
fn hours_end_what_fires_and_forget_what_waits() {
    let check = |hold: i64, expected: Reason| {
        let before = advance(None, observation(verdict('M'), at(0)), &timing(hold, 0), at(0)).state;
        let Step { state, reason } = close(&before, at(1));
        assert_eq!((state.phase(), state.active_since, reason), (Phase::Inactive, None, expected));
    };
    check(0, Reason::HoursEnded);
    check(5, Reason::OutsideHours);
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
        let first = advance(None, observation(verdict('M'), at(0)), &timing, at(0)).state;
        let step = advance(Some(&first), observation(verdict('M'), at(gap)), &timing, at(gap));
        assert_eq!((step.state.phase(), step.reason), expected, "after {gap} minutes");
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
    assert_eq!((state.phase(), state.since()), (Phase::Firing, at(6)));
    assert_eq!(state.extremes["service_level"], Extremes { lowest: 30.0, highest: 60.0 });
    assert_eq!(state.trouble, None);
}

#[test]
fn trouble_is_told_with_its_beginning() {
    let timing = timing(0, 0);
    let mut state = advance(None, observation(verdict('M'), at(1)), &timing, at(1)).state;
    let mut check = |minute: i64, verdict: Verdict, word: &str, reason: &str, since: i64| {
        let step = advance(Some(&state), observation(verdict, at(1)), &timing, at(minute));
        let trouble = step.state.trouble.as_ref().unwrap();
        assert_eq!((step.state.word(), trouble.reason.as_str(), trouble.since), (word, reason, at(since)));
        state = step.state;
    };
    check(2, verdict('n'), "no_data", "no data for `service_level`", 2);
    check(3, verdict('.'), "no_data", "no rows newer than 2026-11-23 00:01:00 UTC", 2);
    check(4, verdict('e'), "error", "the database is gone", 4);
    check(5, verdict('t'), "too_few", "too little to judge by: `offered >= 20` is not true", 5);
}

proptest! {
    #[test]
    fn every_alert_that_is_over_had_fired_and_fires_once(
        observations in prop::collection::vec(
            prop::sample::select(vec!['W', 'W', 'C', 'B', '.', 'b', 'n', 'e', 't', 's', 'h']), 1..60),
        muted in prop::collection::vec(prop::sample::select(vec![false, false, true]), 60),
        hold in 0_i64..4,
        keep in 0_i64..4,
        repeat in prop::collection::vec(1_i64..4, 0..3),
        policy in prop::sample::select(vec![NoDataPolicy::Keep, NoDataPolicy::Ok, NoDataPolicy::Alert]),
    ) {
        let timing = Timing {
            repeat_every: repeat.into_iter().map(TimeDelta::minutes).collect(),
            no_data: policy,
            ..of_two(hold, keep)
        };
        let (mut state, mut believed, mut newest) = (AlertState::new(at(0)), None, at(0));
        for (minute, (letter, muted)) in observations.into_iter().zip(muted).enumerate() {
            let now = at(minute as i64 + 1);
            if !matches!(letter, 's' | 'n' | 'e' | 't') {
                newest = now;
            }
            // A restart between any two evaluations: all that is known comes back from the journal.
            state = crate::alert::read_state(&crate::alert::write(&state)).unwrap();
            let mut step = match letter {
                'h' => close(&state, now),
                letter => advance(Some(&state), observation(verdict(letter), newest), &timing, now),
            };
            let mute = muted.then(|| Mute::Silenced("a silence".to_owned()));
            let is_muted = mute.is_some();
            let notice = tell(&mut step.state, step.reason, mute, &timing, now);
            let severity = step.state.severity(&timing.severities);
            prop_assert!(notice.is_none() || !is_muted);
            match notice {
                Some(Notice::Fired) => prop_assert!(believed.is_none() && severity.is_some()),
                Some(Notice::Escalated) => prop_assert!(believed < severity && believed.is_some()),
                Some(Notice::Eased) => prop_assert!(believed > severity && severity.is_some()),
                Some(Notice::Repeated) => prop_assert_eq!(believed, severity),
                Some(Notice::Resolved) => {
                    prop_assert!(believed.is_some() && severity.is_none());
                    // Only an answer ends an alert; "no data is fine" does so while other rows keep coming.
                    prop_assert!(matches!(letter, '.' | 'b' | 's') || (letter == 'n' && policy == NoDataPolicy::Ok));
                }
                Some(Notice::HoursEnded) => prop_assert!(believed.is_some() && letter == 'h'),
                None => {}
            }
            if notice.is_some() || (severity.is_none() && step.reason.is_answer()) {
                believed = severity;
            }
            prop_assert_eq!(believed, step.state.told);
            // A worse severity fires only with the milder one, and what is inactive has no incident.
            prop_assert!(step.state.tracks.is_sorted_by(|milder, worse| milder.is_firing() >= worse.is_firing()));
            prop_assert_eq!(step.state.phase() == Phase::Inactive, step.state.active_since.is_none());
            prop_assert_eq!(step.state.is_firing(), step.state.fired.is_some());
            state = step.state;
        }
    }
}
